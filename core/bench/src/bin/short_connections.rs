//! TLS with a connection for each call: what the sessions that a client remembers save, beside a platform that lets none
//! be resumed. In turns; only the calling thread's processor time counts.

#![allow(clippy::expect_used, reason = "a measurement that cannot be made says so")]

use voicecall_bench::platform::{self, Identity};
use voicecall_bench::{median, tell, thread_cpu_us};
use voicecall_core::{Client, Config};

const ROUNDS: usize = 151;
const CALLS: usize = 4;

fn main() {
    let identity = Identity::new();
    let authority = std::env::temp_dir().join(format!("voicecall-bench-{}.pem", std::process::id()));
    std::fs::write(&authority, &identity.authority_pem).expect("a file");
    let client = |resumes| {
        let address = platform::over_tls(&identity, resumes);
        let config = Config::new()
            .app_key("ExampleAppKey0001")
            .app_secret("example-secret-0001")
            .endpoint(format!("https://{address}"))
            .ca_file(authority.to_string_lossy());
        Client::new(config).expect("a client")
    };
    let clients = [client(true), client(false)];
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (client, times) in clients.iter().zip(&mut times) {
            let begun = thread_cpu_us();
            for _ in 0..CALLS {
                client.terminate_call("1200_366_0").expect("an answer");
            }
            times.push((thread_cpu_us() - begun) / CALLS as f64);
        }
    }
    let _ = std::fs::remove_file(&authority);
    let [resumed, whole] = times.map(median);
    tell("tls_resumed", resumed, "us");
    tell("tls_whole", whole, "us");
    tell("tls_resumed_to_whole", resumed / whole, "x");
}
