ALERT("abort handler "+String(Error))
ABORT
