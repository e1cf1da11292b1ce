throw({errCode: 1; message: "no {what}"; what: "ink"; deferred: True})
throw({errCode: 2; message: "no paper"; deferred: True})
