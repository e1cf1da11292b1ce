//! Programs that talk with servers: the built fourd, and servers on this machine that tests make.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // a harness stands outside

mod server;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// The server that all tests share.
fn port() -> u16 {
    static PORT: OnceLock<u16> = OnceLock::new();
    *PORT.get_or_init(|| server::start(|stream| Ok(Box::new(stream))))
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("network").join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn command(name: &str, script: &str, port: u16) -> Command {
    let path = folder(name).join("main.4dm");
    let script = format!("#DECLARE($port : Text)\nvar $url : Text:=\"http://127.0.0.1:\"+$port\n{script}");
    std::fs::write(&path, script).expect("a script");
    let mut command = Command::new(env!("CARGO_BIN_EXE_fourd"));
    command.arg("run").arg(path).arg("--").arg(port.to_string()).stdin(Stdio::null());
    command
}

/// What a script prints; it has the server's address in `$url`.
fn run(name: &str, script: &str) -> String {
    output(&mut command(name, script, port()))
}

fn output(command: &mut Command) -> String {
    let start = Instant::now();
    let done = command.output().expect("fourd runs");
    assert!(start.elapsed() < Duration::from_secs(30), "it took {:?}", start.elapsed());
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{errors}\n{}", String::from_utf8_lossy(&done.stdout));
    String::from_utf8(done.stdout).expect("UTF-8")
}

#[test]
fn requests_of_all_kinds() {
    let script = r#"
var $request : 4D.HTTPRequest
$request:=4D.HTTPRequest.new($url+"/echo?name=\"jo\"").wait()
ALERT(String($request.response.status)+" "+$request.response.statusText+" "+$request.response.body.method+" "+$request.response.body.target)
ALERT($request.method+" "+$request.dataType+" "+$request.encoding+" "+$request.protocol+" "+String($request.returnResponseBody)+" "+String($request.terminated))
ALERT(String(Undefined($request.timeout))+" "+String(Undefined($request.errors))+" "+String(OB Is empty($request.headers))+" "+$request.url)
$request:=4D.HTTPRequest.new($url+"/echo"; {method: "POST"; body: {a: 1; b: ["x"]}}).wait()
ALERT($request.response.body.method+" "+$request.response.body.headers["content-type"]+" "+$request.response.body.body)
$request:=4D.HTTPRequest.new($url+"/echo"; {method: "put"; body: "été"}).wait()
ALERT($request.response.body.method+" "+$request.response.body.headers["content-type"]+" "+$request.response.body.body)
$request:=4D.HTTPRequest.new($url+"/echo"; {method: "POST"; body: "été"; encoding: "ISO-8859-1"}).wait()
ALERT($request.response.body.headers["content-length"])
var $blob : Blob
TEXT TO BLOB("bytes"; $blob; UTF8 text without length)
$request:=4D.HTTPRequest.new($url+"/echo"; {method: "PATCH"; body: $blob; headers: {Accept: "text/x"; many: ["1"; "2"]}}).wait()
ALERT($request.response.body.method+" "+$request.response.body.headers["content-type"]+" "+$request.response.body.body+" "+$request.response.body.headers.accept+" "+$request.response.body.headers.many)
$request:=4D.HTTPRequest.new($url+"/echo"; {method: "POST"; body: [1; 2]; headers: {("Content-Type"): "application/x"}}).wait()
ALERT($request.response.body.headers["content-type"]+" "+$request.response.body.body)
$request:=4D.HTTPRequest.new($url+"/echo"; {method: "GET"; body: "with a body"}).wait()
ALERT($request.response.body.method+" "+$request.response.body.body)
$request:=4D.HTTPRequest.new($url+"/echo"; {method: "REPORT"}).wait()
ALERT($request.response.body.method)
$request:=4D.HTTPRequest.new($url+"/echo"; {method: "HEAD"}).wait()
ALERT(String($request.response.status)+" "+String(Undefined($request.response.body)))
"#;
    // an object's key with a dash is set in brackets
    let script = script.replace(
        "headers: {(\"Content-Type\"): \"application/x\"}",
        "headers: JSON Parse(\"{\\\"Content-Type\\\":\\\"application/x\\\"}\")",
    );
    let seen = run("kinds", &script);
    let port = port();
    let expected = format!(
        "200 OK GET /echo?name=%22jo%22\n\
         GET auto UTF-8 HTTP1 True True\n\
         True True True http://127.0.0.1:{port}/echo?name=\"jo\"\n\
         POST application/json {{\"a\":1,\"b\":[\"x\"]}}\n\
         PUT text/plain; charset=UTF-8 été\n\
         3\n\
         PATCH application/octet-stream bytes text/x 2\n\
         application/x [1,2]\n\
         GET with a body\n\
         REPORT\n\
         200 True\n"
    );
    assert_eq!(seen, expected);
}

#[test]
fn answers_of_all_kinds() {
    let script = r#"
var $response : Object
$response:=4D.HTTPRequest.new($url+"/headers").wait().response
ALERT($response.statusText+" "+$response.headers["x-upper-case"]+" "+$response.rawHeaders["X-Upper-Case"]+" "+$response.headers["set-cookie"].join("; ")+" "+$response.body)
ALERT(4D.HTTPRequest.new($url+"/latin").wait().response.body)
$response:=4D.HTTPRequest.new($url+"/bytes").wait().response
ALERT(String(OB Instance of($response.body; 4D.Blob))+" "+String($response.body.size))
ALERT(4D.HTTPRequest.new($url+"/bad-json").wait().response.body)
var $request : 4D.HTTPRequest
$request:=4D.HTTPRequest.new($url+"/bad-json"; {dataType: "object"}).wait()
ALERT(String($request.errors[0].errCode)+" "+String($request.response.status))
ALERT(4D.HTTPRequest.new($url+"/echo"; {dataType: "text"; method: "DELETE"}).wait().response.body)
$response:=4D.HTTPRequest.new($url+"/headers"; {dataType: "blob"}).wait().response
ALERT(String($response.body.size))
For each ($path; ["gzip"; "deflate"])
	ALERT(String(Length(4D.HTTPRequest.new($url+"/"+$path).wait().response.body)))
End for each
ALERT(4D.HTTPRequest.new($url+"/chunked").wait().response.body)
ALERT(4D.HTTPRequest.new($url+"/until-end").wait().response.body)
ALERT(4D.HTTPRequest.new($url+"/continue").wait().response.body)
$response:=4D.HTTPRequest.new($url+"/nothing").wait().response
ALERT(String($response.status)+" "+String(Undefined($response.body)))
$request:=4D.HTTPRequest.new($url+"/status/404").wait()
ALERT(String($request.response.status)+" "+$request.response.body+" "+String(Undefined($request.errors)))
"#;
    let seen = run("answers", script);
    let lines: Vec<&str> = seen.lines().collect();
    assert_eq!(lines[0], "Fine By Me Yes Yes a=1; b=2 ok");
    assert_eq!(&lines[1..5], ["été", "True 4", "{not json", "34 200"]);
    assert!(lines[5].starts_with("{\"body\":\"\"") && lines[5].contains("DELETE"), "{}", lines[5]);
    assert_eq!(
        &lines[6..],
        [
            "2",
            "1100",
            "1100",
            "one two three",
            "until the end",
            "after all",
            "204 True",
            "404 body of it True"
        ]
    );
}

#[test]
fn redirections_and_passwords() {
    let script = r#"
ALERT(4D.HTTPRequest.new($url+"/redirect/5").wait().response.body)
ALERT(String(4D.HTTPRequest.new($url+"/redirect/6").wait().response.status))
ALERT(String(4D.HTTPRequest.new($url+"/redirect/1"; {automaticRedirections: False}).wait().response.status))
ALERT(4D.HTTPRequest.new($url+"/redirect/1"; {method: "POST"; body: "x"}).wait().response.body)
ALERT(4D.HTTPRequest.new($url+"/see-other"; {method: "PUT"; body: "x"}).wait().response.body.method)
ALERT(4D.HTTPRequest.new($url+"/temporary"; {method: "PUT"; body: "kept"}).wait().response.body.body)
ALERT(String(4D.HTTPRequest.new($url+"/basic").wait().response.status))
For each ($method; ["basic"; "auto"; "digest"])
	ALERT(String(4D.HTTPRequest.new($url+"/basic"; {serverAuthentication: {name: "john"; password: "smith"; method: $method}}).wait().response.status))
End for each
ALERT(4D.HTTPRequest.new(Replace string($url; "//"; "//john:smith@")+"/basic").wait().response.body)
ALERT(4D.HTTPRequest.new($url+"/digest"; {serverAuthentication: {name: "john"; password: "smith"}}).wait().response.body)
ALERT(4D.HTTPRequest.new($url+"/basic"; {serverAuthentication: {name: "john"; password: "wrong"}}).wait().response.body)
"#;
    let seen = run("redirections", script);
    let expected = "GET\n302\n302\nGET\nGET\nkept\n401\n200\n200\n401\nwelcome\ndigested\nnot you\n";
    assert_eq!(seen, expected);
}

#[test]
fn callbacks_come_in_order() {
    let script = r#"
var $options : Object
$options:={log: []}
For each ($name; ["onHeaders"; "onResponse"; "onError"; "onTerminate"])
	$options[$name]:=Formula(This.log.push($2.type+" "+String($1.response.status)+" "+String(Undefined($1.response.body))+" "+String($1.terminated)))
End for each
$options.onData:=Formula(This.log.push($2.type+" "+BLOB to text($2.data; UTF8 text without length)))
4D.HTTPRequest.new($url+"/chunked"; $options).wait()
ALERT($options.log.join("\n"))
$options.log:=[]
4D.HTTPRequest.new($url+"/hang-up"; $options).wait()
ALERT($options.log.join("\n"))
ALERT("-- terminated on the way")
$options.log:=[]
$options.onHeaders:=Formula($1.terminate())
var $request : 4D.HTTPRequest
$request:=4D.HTTPRequest.new($url+"/drip"; $options).wait()
ALERT($options.log.join("\n"))
ALERT(String($request.terminated)+" "+String(Undefined($request.errors)))
ALERT("-- no body kept")
$options:={returnResponseBody: False; onData: Formula(ALERT(BLOB to text($2.data; UTF8 text without length))); decodeData: True}
$request:=4D.HTTPRequest.new($url+"/chunked"; $options).wait()
ALERT(String(Undefined($request.response.body)))
Try
	$request:=4D.HTTPRequest.new($url+"/echo"; {returnResponseBody: False})
Catch
	ALERT("refused")
End try
ALERT("-- in a worker")
CALL WORKER("asker"; Formula(4D.HTTPRequest.new($url+"/slow"; {onResponse: Formula(ALERT(Current process name+" "+$1.response.body))})))
4D.HTTPRequest.new($url+"/slow"; {onTerminate: Formula(DELAY PROCESS(Current process; 20))}).wait(0.05)
ALERT("the method ends")
"#;
    let seen = run("callbacks", script);
    let expected = "headers 200 True False\ndata one \ndata two \ndata three\nresponse 200 False False\n\
                    terminate 200 False False\nerror  True False\nterminate  True False\n\
                    -- terminated on the way\nterminate 200 True False\nTrue True\n\
                    -- no body kept\none \ntwo \nthree\nTrue\nrefused\n\
                    -- in a worker\nthe method ends\nasker slow\n";
    assert_eq!(seen, expected);
}

#[test]
fn what_goes_wrong_is_an_error_in_time() {
    let script = r#"
var $start : Integer:=Milliseconds
var $request : 4D.HTTPRequest
For each ($path; ["silent"; "drip"; "hang-up"; "short"; "nonsense"; "endless-head"])
	$request:=4D.HTTPRequest.new($url+"/"+$path; {timeout: 0.5}).wait()
	ALERT($path+" "+String($request.errors[0].errCode)+" "+String($request.terminated))
End for each
For each ($address; ["http://127.0.0.1:1/"; "ftp://nobody/"; "http://"; "http://no such host/"])
	$request:=4D.HTTPRequest.new($address).wait()
	ALERT($address+" "+String($request.errors[0].errCode)+" "+String(Undefined($request.response)))
End for each
$request:=4D.HTTPRequest.new($url+"/echo"; {headers: {bad: "a\r\nb: c"}}).wait()
ALERT(String($request.errors[0].errCode))
$request:=4D.HTTPRequest.new($url+"/silent")
$request.wait(0.1)
ALERT(String($request.terminated))
$request.terminate()
$request.wait()
ALERT(String($request.terminated)+" "+String(Milliseconds-$start<10000))
var $text : Text
Try
	$status:=HTTP Get("http://127.0.0.1:1/"; $text)
Catch
	ALERT(String(Last errors[0].errCode))
End try
HTTP SET OPTION(HTTP timeout; 1)
Try
	$status:=HTTP Get($url+"/silent"; $text)
Catch
	ALERT(String(Last errors[0].errCode))
End try
"#;
    let seen = run("wrong", script);
    let expected = "silent 32 True\ndrip 32 True\nhang-up 30 True\nshort 30 True\nnonsense 34 True\nendless-head 34 True\n\
                    http://127.0.0.1:1/ 30 True\nftp://nobody/ 36 True\nhttp:// 36 True\nhttp://no such host/ 36 True\n\
                    36\nFalse\nTrue True\n30\n32\n";
    assert_eq!(seen, expected);
}

#[test]
fn agents_keep_connections() {
    let script = r#"
var $agent : 4D.HTTPAgent
$agent:=4D.HTTPAgent.new({maxSockets: 1; validateTLSCertificate: False})
ALERT(JSON Stringify($agent.options))
$first:=4D.HTTPRequest.new($url+"/connection"; {agent: $agent}).wait()
ALERT(String($agent.freeSocketsCount)+" "+String($agent.requestsCount)+" "+String($first.agent=$agent))
$second:=4D.HTTPRequest.new($url+"/connection"; {agent: $agent}).wait()
ALERT(String($first.response.body=$second.response.body))
$one:=4D.HTTPRequest.new($url+"/slower"; {agent: $agent})
// Now it surely has the one connection.
DELAY PROCESS(Current process; 30)
$two:=4D.HTTPRequest.new($url+"/connection"; {agent: $agent})
DELAY PROCESS(Current process; 12)
ALERT(String($agent.requestsCount)+" "+String($agent.freeSocketsCount))
$two.wait()
$one.wait(1)
ALERT(String($one.terminated)+" "+String($two.response.body=$first.response.body))
$closing:=4D.HTTPAgent.new({keepAlive: False})
$first:=4D.HTTPRequest.new($url+"/connection"; {agent: $closing}).wait()
$second:=4D.HTTPRequest.new($url+"/connection"; {agent: $closing}).wait()
ALERT(String($first.response.body=$second.response.body)+" "+String($closing.freeSocketsCount))
ALERT(String(4D.HTTPRequest.new($url+"/echo").agent=4D.HTTPRequest.new($url+"/echo").agent))
"#;
    let expected = "{\"keepAlive\":true,\"maxSockets\":1,\"maxTotalSockets\":65535,\"validateTLSCertificate\":false}\n\
                    1 0 True\nTrue\n2 0\nTrue True\nFalse 0\nTrue\n";
    assert_eq!(run("agents", script), expected);
}

#[test]
fn the_older_commands() {
    let script = r#"
var $text : Text
var $blob : Blob
var $object : Object
var $collection : Collection
var $status : Integer
ARRAY TEXT($names; 1)
ARRAY TEXT($values; 1)
$names{1}:="X-Mine"
$values{1}:="yes"
$status:=HTTP Get($url+"/echo"; $object; $names; $values)
ALERT(String($status)+" "+$object.headers["x-mine"]+" "+$object.headers.connection+" "+String(Find in array($names; "Content-Type")>0))
$status:=HTTP Get($url+"/html"; $text)
ALERT($text)
$status:=HTTP Get($url+"/bytes"; $blob)
ALERT(String(BLOB size($blob)))
$status:=HTTP Get($url+"/bytes"; $object)
ALERT(String(OB Instance of($object; 4D.Blob)))
$status:=HTTP Request(HTTP POST method; $url+"/echo"; {a: 1}; $object)
ALERT($object.method+" "+$object.body+" "+$object.headers["content-type"])
$status:=HTTP Request(HTTP PUT method; $url+"/echo"; "text"; $text; *)
ALERT(String($text="@keep-alive@")+" "+String($text="@text/plain; charset=UTF-8@"))
$status:=HTTP Get($url+"/redirect/2"; $text)
ALERT(String($status))
HTTP SET OPTION(HTTP follow redirect; 0)
$status:=HTTP Get($url+"/redirect/2"; $text)
ALERT(String($status))
var $value : Integer
HTTP GET OPTION(HTTP max redirect; $value)
ALERT(String($value))
HTTP AUTHENTICATE("john"; "smith"; HTTP basic)
$status:=HTTP Get($url+"/basic"; $text)
ALERT($text)
HTTP SET OPTION(HTTP reset auth settings; 1)
$status:=HTTP Get($url+"/basic"; $text)
$status:=HTTP Get($url+"/basic"; $text)
ALERT(String($status))
HTTP SET OPTION(HTTP compression; 1)
$status:=HTTP Get($url+"/gzip"; $text)
ALERT(String(Length($text)))
ALERT(String(HTTP Get certificates folder="@/ClientCertificatesFolder/"))
"#;
    let expected = "200 yes close True\n<html><meta charset=\"iso-8859-1\">été</html>\n4\nTrue\n\
                    POST {\"a\":1} application/json\nFalse True\n200\n302\n2\nwelcome\n401\n1100\nTrue\n";
    assert_eq!(run("older", script), expected);
}

/// A server with a certificate for this machine, and the certificate in PEM format.
fn secure_server() -> (u16, String) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]);
    let made = made.expect("a certificate");
    let chain = vec![CertificateDer::from(made.cert.der().to_vec())];
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .expect("a configuration");
    let config = Arc::new(config);
    let port = server::start(move |stream| {
        let connection = ServerConnection::new(Arc::clone(&config)).map_err(std::io::Error::other)?;
        Ok(Box::new(StreamOwned::new(connection, stream)))
    });
    (port, made.cert.pem())
}

#[test]
fn secure_connections() {
    let (port, certificate) = secure_server();
    let script = r#"
$url:="https://127.0.0.1:"+$port
var $request : 4D.HTTPRequest
$request:=4D.HTTPRequest.new($url+"/echo").wait()
ALERT($request.errors=Null ? String($request.response.status) : String($request.errors[0].errCode))
$request:=4D.HTTPRequest.new("127.0.0.1:"+$port+"/echo"; {validateTLSCertificate: False}).wait()
ALERT(String($request.response.status))
$request:=4D.HTTPRequest.new($url+"/chunked"; {validateTLSCertificate: False; minTLSVersion: "TLSv1_3"}).wait()
ALERT($request.response.body)
var $text : Text
ALERT(String(HTTP Get($url+"/gzip"; $text)))
$request:=4D.HTTPRequest.new($url+"/silent"; {validateTLSCertificate: False; timeout: 0.3}).wait()
ALERT(String($request.errors[0].errCode))
"#;
    let mut untrusted = command("untrusted", script, port);
    assert_eq!(output(&mut untrusted), "33\n200\none two three\n200\n32\n");
    let path = folder("trusted").join("certificate.pem");
    std::fs::write(&path, certificate).expect("written");
    let mut trusted = command("trusted", script, port);
    trusted.env("SSL_CERT_FILE", path);
    assert_eq!(output(&mut trusted), "200\n200\none two three\n200\n32\n");
    // a plain server where a secure one is expected, and the other way round
    let script = "ALERT(String(4D.HTTPRequest.new(\"https\"+Substring($url; 5); {timeout: 0.5}).wait().errors[0].errCode))";
    assert_eq!(run("plain", script), "32\n");
    let script = "ALERT(String(4D.HTTPRequest.new($url; {timeout: 5}).wait().errors[0].errCode))";
    let seen = output(&mut command("secure", script, port));
    assert!(["30\n", "34\n"].contains(&seen.as_str()), "{seen}");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_a_program_that_waits() {
    let scripts = [
        "$r:=4D.HTTPRequest.new($url+\"/silent\")\nALERT(\"begun\")\n$r.wait()\n",
        "var $t : Text\nALERT(\"begun\")\n$s:=HTTP Get($url+\"/silent\"; $t)\n",
        "$w:=4D.SystemWorker.new(\"sleep 60\")\nALERT(\"begun\")\n$w.wait()\n",
        "$l:=4D.TCPListener.new(0; {onConnection: Formula(Null)})\nALERT(\"begun\")\n",
    ];
    for (number, script) in scripts.into_iter().enumerate() {
        let mut command = command(&format!("interrupt{number}"), script, port());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("fourd runs");
        std::thread::sleep(Duration::from_millis(700));
        let start = Instant::now();
        let kill = Command::new("kill").arg("-INT").arg(child.id().to_string()).status();
        assert!(kill.is_ok_and(|status| status.success()));
        let status = child.wait().expect("it ends");
        assert!(!status.success() && start.elapsed() < Duration::from_secs(4), "{script} {status}");
    }
}

/// A server of messages: it sends back what it gets, and does what some words ask for.
fn message_server() -> u16 {
    use tungstenite::Message;
    use tungstenite::protocol::CloseFrame;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let Ok(mut socket) = tungstenite::accept(stream) else { return };
                while let Ok(message) = socket.read() {
                    let sent = match &message {
                        Message::Text(text) if text.as_str() == "close" => {
                            let frame = CloseFrame { code: 4001.into(), reason: "bye".into() };
                            socket.close(Some(frame))
                        }
                        Message::Text(text) if text.as_str() == "bytes" => {
                            socket.send(Message::binary(vec![1, 2, 3]))
                        }
                        Message::Text(text) if text.as_str() == "vanish" => return,
                        Message::Text(_) | Message::Binary(_) => socket.send(message),
                        _ => Ok(()),
                    };
                    if sent.is_err() {
                        return;
                    }
                }
            });
        }
    });
    port
}

#[test]
fn web_sockets() {
    let script = r#"
$url:="ws://127.0.0.1:"+$port+"/path?query"
var $handler : Object
$handler:={log: []}
$handler.onOpen:=Formula(This.log.push($2.type+" "+$1.status))
$handler.onMessage:=Formula(This.log.push($2.type+" "+$2.data))
$handler.onError:=Formula(This.log.push($2.type+" "+String($2.errors[0].errCode)))
$handler.onTerminate:=Formula(This.log.push("end "+String($2.code)+" "+$2.reason+" "+$1.status))
$socket:=4D.WebSocket.new($url; $handler)
ALERT($socket.dataType+" "+$socket.status+" "+String($socket.id>0)+" "+String($socket.url=$url)+" "+String($socket.handler=$handler))
$socket.send("Hello")
$socket.send({a: "é"})
$socket.send("close")
While ($socket.status#"Closed")
	DELAY PROCESS(Current process; 1)
End while
ALERT($handler.log.join("\n"))
$handler.log:=[]
$socket:=4D.WebSocket.new($url; $handler)
$socket.send("one")
While ($handler.log.length<2)
	DELAY PROCESS(Current process; 1)
End while
$socket.terminate(3000; "enough")
ALERT($socket.status)
While ($socket.status#"Closed")
	DELAY PROCESS(Current process; 1)
End while
ALERT($handler.log.join("\n"))
Try
	$socket.send("late")
Catch
	ALERT("not sent")
End try
$handler.log:=[]
$socket:=4D.WebSocket.new($url; $handler)
$socket.send("vanish")
While ($socket.status#"Closed")
	DELAY PROCESS(Current process; 1)
End while
ALERT($handler.log.join("\n"))
$log:=[]
$objects:=4D.WebSocket.new($url; {dataType: "object"; onMessage: Formula($log.push(String($2.data.n+1))); onTerminate: Formula($log.push("objects end"))})
$objects.send({n: 41})
While ($log.length<1)
	DELAY PROCESS(Current process; 1)
End while
$blobs:=4D.WebSocket.new($url; {dataType: "blob"; onMessage: Formula($log.push("blob "+String($2.data.size))); onTerminate: Formula($log.push("blobs end"))})
$blobs.send("bytes")
While ($log.length<2)
	DELAY PROCESS(Current process; 1)
End while
$objects.terminate()
While ($log.length<3)
	DELAY PROCESS(Current process; 1)
End while
$blobs.terminate()
While ($log.length<4)
	DELAY PROCESS(Current process; 1)
End while
ALERT($log.join("\n"))
For each ($bad; ["http://127.0.0.1/"; "ws://127.0.0.1:1/"; "nothing"])
	Try
		$socket:=4D.WebSocket.new($bad)
	Catch
		ALERT(String(Last errors[0].errCode))
	End try
End for each
Try
	$socket:=4D.WebSocket.new($url; {dataType: "picture"})
Catch
	ALERT("no such type")
End try
"#;
    let expected = "text Connected True True True\n\
                    open Connected\nmessage Hello\nmessage {\"a\":\"é\"}\nend 4001 bye Closed\n\
                    Closing\nopen Connected\nmessage one\nend 3000 enough Closed\nnot sent\n\
                    open Connected\nerror 34\nend 1006  Closed\n\
                    42\nblob 3\nobjects end\nblobs end\n36\n30\n36\nno such type\n";
    assert_eq!(output(&mut command("web_sockets", script, message_server())), expected);
}

/// The network is the host's: here one that lies in memory.
#[test]
fn a_network_in_memory() {
    use fourd::engine::{Engine, Outcome};
    use fourd::host::{Host, memory::MemoryHost};
    let main = r#"
var $server : Object:={got: 0}
$server.connection:={onData: Formula($1.send($2.data)); onShutdown: Formula($1.shutdown())}
$server.onConnection:=Formula(This.connection)
var $listener : 4D.TCPListener:=4D.TCPListener.new(7; $server)
var $client : Object:={size: 0; onData: Formula(This.size:=This.size+$2.data.size)}
var $connection : 4D.TCPConnection:=4D.TCPConnection.new("localhost"; 7; $client)
var $blob : Blob
SET BLOB SIZE($blob; 500000; 1)
$connection.send($blob)
$connection.shutdown()
$connection.wait()
$listener.terminate()
ALERT(String($client.size))
var $lost : 4D.TCPConnection:=4D.TCPConnection.new("localhost"; 7; {})
$lost.wait()
ALERT(String($lost.errors[0].errCode))
$lost:=4D.TCPConnection.new("elsewhere"; 7; {})
$lost.wait()
ALERT(String($lost.errors.length))
var $heard : Object:={data: ""; onData: Formula(This.data:=BLOB to text($2.data; UTF8 text without length))}
var $one : 4D.UDPSocket:=4D.UDPSocket.new(9; $heard)
var $two : 4D.UDPSocket:=4D.UDPSocket.new()
TEXT TO BLOB("ping"; $blob; UTF8 text without length)
$two.send($blob; "127.0.0.1"; 9)
While ($heard.data="")
	IDLE
End while
ALERT($heard.data)
"#;
    let host = Arc::new(MemoryHost::new().with_file("/p/main.4dm", main));
    let project = fourd::project::discover("/p/main.4dm".as_ref(), host.files()).expect("a project");
    let engine = Engine::new(Arc::clone(&host) as Arc<dyn Host>, project);
    let outcome = engine.run("main", Vec::new());
    assert!(matches!(outcome, Outcome::Completed), "{outcome:?}\n{}", host.errors());
    assert_eq!(host.output(), "500000\n30\n1\nping\n");
}
