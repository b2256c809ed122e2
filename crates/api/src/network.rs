//! Who is at the other end of the wire. Headers of proxies count only when they come from a trusted proxy.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A range of addresses: `10.0.0.0/8`, `::1`, `192.168.1.7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    base: u128,
    bits: u32,
}

impl FromStr for Range {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no address range; write 10.0.0.0/8 or ::1");
        let (address, prefix) = match text.trim().split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let prefix: u32 = prefix.map_or(Ok(width), |prefix| prefix.parse().map_err(|_| wrong()))?;
        if prefix > width {
            return Err(wrong());
        }
        Ok(Self { base: number(address), bits: prefix + (128 - width) })
    }
}

impl Range {
    /// Whether the address lies in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        let mask = if self.bits == 0 { 0 } else { u128::MAX << (128 - self.bits) };
        number(address) & mask == self.base & mask
    }
}

/// IPv4 as IPv4-mapped IPv6, so that one comparison serves both.
fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

/// The other end of a request.
#[derive(Debug, Clone, Copy)]
pub struct Peer {
    /// Its address, as far as it can be trusted.
    pub address: IpAddr,
    /// Whether the client speaks TLS (to us or to a trusted proxy).
    pub tls: bool,
}

impl Peer {
    /// The name under which turns of this address are counted.
    pub fn bucket(&self) -> Uuid {
        let bytes = Sha256::digest(self.address.to_string().as_bytes());
        bytes.get(..16).and_then(|start| Uuid::from_slice(start).ok()).unwrap_or_default()
    }
}

/// Finds the client: the socket's address, or what trusted proxies say about it.
pub fn peer_of(headers: &HeaderMap, extensions: &Extensions, trusted: &[Range], tls: bool) -> Peer {
    let socket = extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip().to_canonical());
    let trusts = |address: IpAddr| trusted.iter().any(|range| range.contains(address));
    if !trusts(socket) {
        return Peer { address: socket, tls };
    }
    // The nearest address that is not one of our proxies; what stands left of it was written by the client.
    let mut address = socket;
    let chain = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = chain.flat_map(|value| value.split(',')).collect();
    for hop in hops.iter().rev() {
        let Ok(hop) = hop.trim().parse::<IpAddr>() else { break };
        address = hop.to_canonical();
        if !trusts(address) {
            break;
        }
    }
    let proto = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok());
    Peer { address, tls: tls || proto.is_some_and(|proto| proto.trim().eq_ignore_ascii_case("https")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(socket: &str, forwarded: &str, trusted: &[Range]) -> String {
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(socket.parse().unwrap(), 1)));
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        headers.insert("x-forwarded-proto", "https".parse().unwrap());
        let peer = peer_of(&headers, &extensions, trusted, false);
        format!("{} {}", peer.address, peer.tls)
    }

    #[test]
    fn ranges_hold_their_addresses() {
        let range: Range = "10.0.0.0/8".parse().unwrap();
        assert!(range.contains("10.255.0.1".parse().unwrap()));
        assert!(!range.contains("11.0.0.1".parse().unwrap()));
        assert!("::/0".parse::<Range>().unwrap().contains("1.2.3.4".parse().unwrap()));
        assert!("10.0.0.0/33".parse::<Range>().is_err());
        assert!("host".parse::<Range>().is_err());
    }

    #[test]
    fn proxy_headers_count_only_from_trusted_proxies() {
        let trusted = ["127.0.0.1".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
        assert_eq!(ask("9.9.9.9", "1.2.3.4", &trusted), "9.9.9.9 false");
        assert_eq!(ask("127.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.9", &trusted), "1.2.3.4 true");
        assert_eq!(ask("127.0.0.1", "nonsense", &trusted), "127.0.0.1 true");
        assert_eq!(ask("127.0.0.1", "1.2.3.4", &[]), "127.0.0.1 false");
    }
}
