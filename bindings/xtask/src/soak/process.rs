//! What a process holds, as Linux tells it.

use std::fs;

/// A look at a process.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Held {
    /// Memory of its own that it has touched, in KiB: without files that are mapped, which come and go with the system's need.
    pub(super) memory: f64,
    /// Open descriptors.
    pub(super) descriptors: f64,
    pub(super) threads: f64,
}

/// Looks at the process with this number.
pub(super) fn held(id: u32) -> Result<Held, String> {
    let path = format!("/proc/{id}/status");
    let status = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let descriptors = format!("/proc/{id}/fd");
    let open = fs::read_dir(&descriptors).map_err(|error| format!("{descriptors}: {error}"))?;
    Ok(Held {
        memory: number(&status, "RssAnon:")?,
        descriptors: open.count() as f64,
        threads: number(&status, "Threads:")?,
    })
}

fn number(status: &str, name: &str) -> Result<f64, String> {
    let found = status.lines().find_map(|line| line.strip_prefix(name));
    let words = found.and_then(|rest| rest.split_whitespace().next());
    words
        .and_then(|word| word.parse().ok())
        .ok_or_else(|| format!("the system does not tell {name}"))
}

/// Connections to this port of this machine that its clients have closed first, and that keep their ports for a minute.
pub(super) fn lingering(port: u16) -> Result<usize, String> {
    let table = fs::read_to_string("/proc/net/tcp").map_err(|error| format!("/proc/net/tcp: {error}"))?;
    Ok(count(&table, port))
}

/// `sl local_address rem_address st …`, addresses as hexadecimal `address:port`; state 06 is TIME_WAIT.
fn count(table: &str, port: u16) -> usize {
    let remote = format!(":{port:04X}");
    let lines = table.lines().skip(1).filter(|line| {
        let mut columns = line.split_whitespace().skip(2);
        columns.next().is_some_and(|address| address.ends_with(&remote)) && columns.next() == Some("06")
    });
    lines.count()
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn what_the_client_closed_first_counts_and_what_the_platform_closed_does_not() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue\n\
               0: 0100007F:9C40 0100007F:1F90 06 00000000:00000000 03:00001770\n\
               1: 0100007F:1F90 0100007F:9C41 06 00000000:00000000 03:00001770\n\
               2: 0100007F:9C42 0100007F:1F90 01 00000000:00000000 00:00000000\n";
        assert_eq!(count(table, 8080), 1);
        assert_eq!(count(table, 40000), 0);
    }
}
