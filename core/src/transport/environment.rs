//! Proxy variables of the environment, read as curl reads them.

use std::net::IpAddr;

/// What the variables say.
#[derive(Debug, Clone, Default)]
pub(crate) struct ProxyVariables {
    https: Option<Variable>,
    http: Option<Variable>,
    exceptions: Vec<String>,
}

/// A variable that names a proxy.
#[derive(Clone)]
struct Variable {
    name: &'static str,
    value: String,
}

/// A proxy, and the variable that names it.
pub(crate) struct Found {
    pub(crate) variable: &'static str,
    /// With its scheme. May hold a password.
    pub(crate) address: String,
}

impl Variable {
    fn found(&self, address: String) -> Found {
        Found {
            variable: self.name,
            address,
        }
    }
}

impl ProxyVariables {
    /// Reads them by `get`. The first of a list that is set and not empty counts. `HTTP_PROXY` is not read, as curl does
    /// not: in a CGI program it is a header of the client.
    pub(crate) fn read(get: impl Fn(&str) -> Option<String>) -> ProxyVariables {
        let first = |names: &[&'static str]| {
            names.iter().find_map(|name| {
                let value = get(name)?.trim().to_owned();
                (!value.is_empty()).then_some(Variable { name, value })
            })
        };
        let exceptions = first(&["no_proxy", "NO_PROXY"]).map(|variable| variable.value);
        ProxyVariables {
            https: first(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
            http: first(&["http_proxy", "all_proxy", "ALL_PROXY"]),
            exceptions: exceptions
                .unwrap_or_default()
                .split([',', ' ', '\t'])
                .filter(|entry| !entry.is_empty())
                .map(str::to_owned)
                .collect(),
        }
    }

    /// The proxy's address for targets with or without TLS.
    ///
    /// # Errors
    /// The name of the variable whose proxy cannot be used.
    pub(crate) fn proxy(&self, https: bool) -> Result<Option<Found>, &'static str> {
        let Some(variable) = (if https { &self.https } else { &self.http }) else {
            return Ok(None);
        };
        let value = &variable.value;
        let scheme = value.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        match scheme.as_deref() {
            None => Ok(Some(variable.found(format!("http://{value}")))),
            Some("http" | "https") => Ok(Some(variable.found(value.clone()))),
            Some(_) => Err(variable.name),
        }
    }

    /// Whether this target is reached without a proxy.
    pub(crate) fn excepts(&self, host: &str, port: u16) -> bool {
        self.exceptions.iter().any(|entry| matches(entry, host, port))
    }
}

/// Whether an entry of `NO_PROXY` is for this host: `*`, a name with all names below it, an address, a network as
/// `10.0.0.0/8`; each may have a port.
fn matches(entry: &str, host: &str, port: u16) -> bool {
    if entry == "*" {
        return true;
    }
    let (name, its_port) = split_port(entry);
    if its_port.is_some_and(|its_port| its_port != port) {
        return false;
    }
    if let Ok(address) = host.parse::<IpAddr>() {
        return is_in_network(address, name);
    }
    let name = name.trim_start_matches('.').trim_end_matches('.').to_ascii_lowercase();
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    match host.strip_suffix(&name) {
        Some(before) => !name.is_empty() && (before.is_empty() || before.ends_with('.')),
        None => false,
    }
}

/// `name:8080` or `[::1]:8080`; an IPv6 address without brackets has no port.
fn split_port(entry: &str) -> (&str, Option<u16>) {
    let (name, port) = match entry.rsplit_once(':') {
        Some((name, port)) if name.ends_with(']') || !name.contains(':') => (name, port.parse().ok()),
        _ => (entry, None),
    };
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    (bare.unwrap_or(name), port)
}

fn is_in_network(address: IpAddr, network: &str) -> bool {
    let (first, length) = match network.split_once('/') {
        Some((first, length)) => (first, length.parse().ok()),
        None => (network, Some(u32::MAX)),
    };
    let (Ok(first), Some(length)) = (first.parse::<IpAddr>(), length) else {
        return false;
    };
    let bits = |address: IpAddr| match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)) << 96, 32),
        IpAddr::V6(address) => (u128::from(address), 128),
    };
    let ((address, width), (first, same_width)) = (bits(address), bits(first));
    let length = length.min(width);
    width == same_width && (length == 0 || (address ^ first) >> (128 - length) == 0)
}

impl std::fmt::Debug for Variable {
    /// The value may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::ProxyVariables;

    fn read(variables: &[(&str, &str)]) -> ProxyVariables {
        ProxyVariables::read(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    fn proxy(variables: &[(&str, &str)], https: bool) -> Result<Option<String>, &'static str> {
        let found = read(variables).proxy(https)?;
        Ok(found.map(|found| found.address))
    }

    #[test]
    fn the_variable_of_the_scheme_comes_first_and_lower_case_before_upper() {
        let found = |proxy: &str| Ok(Some(proxy.to_owned()));
        let mixed = [("https_proxy", "http://p:1"), ("all_proxy", "socks5://q:2")];
        assert_eq!(proxy(&mixed, true), found("http://p:1"));
        assert_eq!(proxy(&mixed, false), Err("all_proxy"));
        assert_eq!(
            proxy(&[("HTTPS_PROXY", "http://a"), ("https_proxy", "b:3128")], true),
            found("http://b:3128")
        );
        assert_eq!(proxy(&[("ALL_PROXY", "http://a")], true), found("http://a"));
        assert_eq!(
            proxy(&[("https_proxy", " "), ("ALL_PROXY", "http://a")], true),
            found("http://a")
        );
        assert_eq!(proxy(&[("HTTP_PROXY", "http://a")], false), Ok(None));
        assert_eq!(proxy(&[("http_proxy", "http://a")], false), found("http://a"));
        assert_eq!(proxy(&[("http_proxy", "http://a")], true), Ok(None));
        assert_eq!(
            proxy(&[("ALL_PROXY", "socks5h://user:password@q")], true),
            Err("ALL_PROXY")
        );
        assert!(!format!("{:?}", read(&mixed)).contains("p:1"));
    }

    #[test]
    fn exceptions_are_names_addresses_networks_and_ports() {
        let table = [
            ("localhost, rtc.example.com", "rtc.example.com", true),
            ("localhost rtc.example.com", "rtc.example.com", true),
            ("example.com", "rtc.example.com", true),
            (".example.com", "rtc.example.com", true),
            (".example.com", "EXAMPLE.com", true),
            ("example.com", "badexample.com", false),
            ("rtc.example.com", "example.com", false),
            ("example.com.", "example.com", true),
            ("example.com:443", "example.com", true),
            ("example.com:80", "example.com", false),
            ("*", "anything.example", true),
            ("*.example.com", "rtc.example.com", false),
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.1.2.3", "10.1.2.3", true),
            ("10.1.2.3:443", "10.1.2.3", true),
            ("10.1.2.3:80", "10.1.2.3", false),
            ("0.0.0.0/0", "10.1.2.3", true),
            ("0.0.0.0/0", "fd00::1", false),
            ("fd00::/8", "fd00::1", true),
            ("[::1]:443", "::1", true),
            ("::1", "::1", true),
            ("10.0.0.0/x", "10.0.0.1", false),
            ("", "example.com", false),
            (".", "example.com", false),
        ];
        for (list, host, excepted) in table {
            assert_eq!(
                read(&[("NO_PROXY", list)]).excepts(host, 443),
                excepted,
                "{list:?} {host}"
            );
        }
        assert!(read(&[("no_proxy", "a.example"), ("NO_PROXY", "*")]).excepts("a.example", 443));
        assert!(!read(&[("no_proxy", "a.example"), ("NO_PROXY", "*")]).excepts("b.example", 443));
    }
}
