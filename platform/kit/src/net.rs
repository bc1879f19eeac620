//! Networks of addresses, as configuration names them.

use std::{fmt, net::IpAddr, str::FromStr};

use serde::{Deserialize, Serialize};

/// An address, or all that share its first bits: `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Network {
    ip: IpAddr,
    bits: u8,
}

/// All bits of an address, the first one highest, and how many they are.
fn bits(ip: IpAddr) -> (u128, u8) {
    match ip.to_canonical() {
        IpAddr::V4(ip) => (u128::from(ip.to_bits()) << 96, 32),
        IpAddr::V6(ip) => (ip.to_bits(), 128),
    }
}

impl Network {
    /// True when the address is one of the network's. An IPv4 address is the same as itself written as IPv6.
    pub fn holds(self, ip: IpAddr) -> bool {
        let ((own, whole), (other, length)) = (bits(self.ip), bits(ip));
        // A shift by all bits is none: then every address of the kind is in it.
        let differ = (own ^ other).checked_shr(128 - u32::from(self.bits)).unwrap_or(0);
        whole == length && differ == 0
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("`{text}` is no address and no network; write 10.0.0.1 or 10.0.0.0/8");
        let (ip, length) = text.trim().split_once('/').map_or((text.trim(), None), |(ip, n)| (ip, Some(n)));
        let ip: IpAddr = ip.parse().map_err(|_| bad())?;
        let ip = ip.to_canonical();
        let whole = bits(ip).1;
        let bits = length.map_or(Ok(whole), |n| n.parse().map_err(|_| bad()))?;
        if bits > whole { Err(bad()) } else { Ok(Self { ip, bits }) }
    }
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        network.to_string()
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.bits == bits(self.ip).1 {
            write!(f, "{}", self.ip)
        } else {
            write!(f, "{}/{}", self.ip, self.bits)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_the_addresses_that_begin_like_it() {
        let holds = |network: &str, ip: &str| {
            network.parse::<Network>().expect("a network").holds(ip.parse().expect("an address"))
        };
        for (network, ip, inside) in [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.1.2.128/25", "10.1.2.127", false),
            ("10.1.2.128/25", "::ffff:10.1.2.200", true),
            ("10.1.2.3", "10.1.2.3", true),
            ("10.1.2.3", "10.1.2.2", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("::/0", "2001:db8::1", true),
            ("fd00::/8", "fd12::1", true),
            ("fd00::/8", "fe80::1", false),
            ("::1", "::1", true),
        ] {
            assert_eq!(holds(network, ip), inside, "{ip} in {network}");
        }
        for bad in ["proxy", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "::/129", ""] {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
        }
        assert_eq!("10.0.0.0/8".parse::<Network>().expect("a network").to_string(), "10.0.0.0/8");
        assert_eq!("127.0.0.1/32".parse::<Network>().expect("a network").to_string(), "127.0.0.1");
    }
}
