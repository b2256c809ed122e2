//! Where the program may connect to when somebody else names the address: nowhere but to the public internet, unless
//! the operator opens a network of their own.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// Which addresses may be connected to. Asked about each address of a name after it was looked up.
pub type Allows = Arc<dyn Fn(IpAddr) -> bool + Send + Sync>;

/// Public addresses, and those that the operator opened.
pub fn public_and(opened: impl Fn(IpAddr) -> bool + Send + Sync + 'static) -> Allows {
    Arc::new(move |address| is_public(address) || opened(address))
}

/// Whether an address is one of the public internet: none of the registries of special purposes (RFC 6890, RFC 8190).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = match (a, b, c) {
        // This network, private, shared (RFC 6598), loopback.
        (0 | 10 | 127, _, _) | (100, 64..=127, _) => true,
        // Link-local, private, protocol assignments, documentation, 6to4 relays, private.
        (169, 254, _) | (172, 16..=31, _) | (192, 0, 0 | 2) | (192, 88, 99) | (192, 168, _) => true,
        // Benchmarks, documentation.
        (198, 18 | 19, _) | (198, 51, 100) | (203, 0, 113) => true,
        // Multicast, reserved, broadcast.
        (224.., _, _) => true,
        _ => false,
    };
    !is_special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, high, low] = address.segments();
    let inner = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match (a, b) {
        // An IPv4 address in another dress: mapped, or behind NAT64 (RFC 6052).
        (0, 0) if (c, d, e, f) == (0, 0, 0, 0xffff) => inner(high, low),
        (0x64, 0xff9b) if (c, d, e, f) == (0, 0, 0, 0) => inner(high, low),
        // Protocol assignments with Teredo, documentation, 6to4.
        (0x2001, ..0x200 | 0xdb8) | (0x2002, _) | (0x3fff, ..0x1000) => false,
        // All that is given out is here.
        (0x2000..=0x3fff, _) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_public() {
        for text in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "fe80::1",
            "fc00::1",
            "fd12:3456::1",
            "fec0::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        for text in [
            "1.1.1.1",
            "100.63.255.255",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2001:4860:4860::8888",
            "2606:4700::1111",
            "2a00:1450::1",
        ] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn the_operator_may_open_a_network() {
        let allows = public_and(|address| address.is_loopback());
        assert!(allows("127.0.0.1".parse().unwrap()) && allows("1.1.1.1".parse().unwrap()));
        assert!(!allows("10.0.0.1".parse().unwrap()));
    }
}
