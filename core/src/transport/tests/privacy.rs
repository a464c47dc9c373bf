//! What must not be told is not told, whatever goes wrong.

use super::*;

const PRIVATE: [&str; 6] = [
    "example-digest",
    "bindNbr",
    "13800000021",
    "fileName",
    "password",
    "secret-in-answer",
];

#[test]
fn failures_name_no_header_body_query_or_password() {
    let path = "/rest?fileName=13800000021.wav";
    let headers = "HTTP/1.1 200 OK\r\nx: secret-in-answer\r\ncontent-length: secret-in-answer\r\n\r\n";
    let scripts = [
        vec![Reset],
        vec![ReadRequest, Send(headers.into()), AwaitEnd],
        vec![ReadRequest, Send(b"secret-in-answer\r\n\r\n".to_vec()), AwaitEnd],
        vec![ReadRequest, Hold],
    ];
    for script in scripts {
        for tls in [false, true] {
            let peer = if tls {
                Peer::tls(certificates::server(Identity::Right), [script.clone()])
            } else {
                Peer::plain([script.clone()])
            };
            let proxy = Proxy::Url(format!("http://user:password@{}", peer.address).as_str().into());
            for settings in [settings(), Settings { proxy, ..settings() }] {
                let shown = format!("{settings:?}");
                let transport = Transport::new(settings).unwrap();
                let failure = failure(transport.send(&post(peer.url(path)), soon()));
                let all = format!("{shown} {transport:?} {failure} {failure:?} {:?}", failure.may_pass());
                for private in PRIVATE {
                    assert!(!all.contains(private), "{private} in {all}");
                }
            }
        }
    }
}
