//! Ranges of addresses as policies write them. What does not parse is `None`: the API server refuses it.

use std::net::{IpAddr, Ipv4Addr};

/// A range of addresses: those that share the first `prefix` bits.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Cidr {
    address: IpAddr,
    prefix: u8,
}

impl Cidr {
    /// Reads `10.0.0.0/8` or `fd00::/8`. Bits behind the prefix are allowed, as in the API.
    pub fn parse(text: &str) -> Option<Cidr> {
        let (address, length) = text.split_once('/')?;
        let address = parse_address(address)?;
        if length.is_empty() || !length.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let prefix = length.parse::<u8>().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        (prefix <= most).then_some(Cidr { address, prefix })
    }

    /// Is this every address of its family?
    pub fn is_everything(self) -> bool {
        self.prefix == 0
    }

    /// Is the address in the range? Never for an address of the other family.
    pub fn contains(self, address: IpAddr) -> bool {
        let shift = |bits: u32| bits.saturating_sub(u32::from(self.prefix));
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                (u64::from(u32::from(own) ^ u32::from(other)) >> shift(32)) == 0
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => (u128::from(own) ^ u128::from(other))
                .checked_shr(shift(128))
                .is_none_or(|differing| differing == 0),
            _ => false,
        }
    }

    /// Is the whole other range within this one?
    pub fn covers(self, other: Cidr) -> bool {
        self.prefix <= other.prefix && self.contains(other.address)
    }
}

/// An address; leading zeros in IPv4 count as decimal, as the API has always read them.
pub fn parse_address(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    let octets: Vec<u8> = text
        .split('.')
        .map(|part| {
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse().ok().filter(|_| digits)
        })
        .collect::<Option<_>>()?;
    let octets: [u8; 4] = octets.try_into().ok()?;
    Some(IpAddr::V4(Ipv4Addr::from(octets)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(range: &str, address: &str) -> Option<bool> {
        Some(Cidr::parse(range)?.contains(parse_address(address)?))
    }

    #[test]
    fn ranges_contain_their_addresses() {
        assert_eq!(contains("0.0.0.0/0", "169.254.169.254"), Some(true));
        assert_eq!(
            contains("169.254.169.254/32", "169.254.169.254"),
            Some(true)
        );
        assert_eq!(
            contains("169.254.169.254/32", "169.254.169.255"),
            Some(false)
        );
        assert_eq!(contains("169.254.0.0/16", "169.254.169.254"), Some(true));
        assert_eq!(contains("10.1.2.3/8", "10.200.0.1"), Some(true));
        assert_eq!(contains("010.0.0.0/8", "10.200.0.1"), Some(true));
        assert_eq!(contains("::/0", "fd00:ec2::254"), Some(true));
        assert_eq!(contains("fd00:ec2::/32", "fd00:ec2::254"), Some(true));
        assert_eq!(contains("fd00:ec2::254/128", "fd00:ec2::253"), Some(false));
        assert_eq!(contains("::/0", "10.0.0.1"), Some(false));
        assert_eq!(contains("0.0.0.0/0", "::1"), Some(false));
    }

    #[test]
    fn ranges_cover_narrower_ones() {
        let covers = |wide, narrow| Some(Cidr::parse(wide)?.covers(Cidr::parse(narrow)?));
        assert_eq!(covers("10.0.0.0/8", "10.3.0.0/16"), Some(true));
        assert_eq!(covers("10.3.0.0/16", "10.0.0.0/8"), Some(false));
        assert_eq!(covers("10.0.0.0/8", "11.0.0.0/16"), Some(false));
        assert_eq!(covers("::/0", "10.0.0.0/8"), Some(false));
    }

    #[test]
    fn what_is_no_range_is_none() {
        for text in [
            "",
            "10.0.0.0",
            "10.0.0.0/",
            "10.0.0.0/33",
            "10.0.0/8",
            "10.0.0.256/8",
            "::/129",
            "/8",
            "10.0.0.0/+8",
            "10.0.0.0/8/8",
            "any",
            "10.0.0.+1/8",
        ] {
            assert_eq!(Cidr::parse(text), None, "{text}");
        }
    }
}
