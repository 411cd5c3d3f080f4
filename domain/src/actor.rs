//! Who acts, and from where.

use std::net::{IpAddr, Ipv6Addr};
use uuid::Uuid;

/// Longest name of a program that is kept, in characters.
const USER_AGENT: usize = 300;

/// Who acts, and from where. A [`Db`](crate::Db) carries one: what is written through it is done by them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub user_id: Option<Uuid>,
    /// The address of the account, or words in brackets.
    pub who: String,
    pub ip: Option<IpAddr>,
    /// What their browser or program calls itself.
    pub user_agent: Option<String>,
    /// The machine that acts for them.
    pub machine: Option<ActingMachine>,
}

/// A machine that acts for somebody, by the token that they made for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActingMachine {
    pub token_id: Uuid,
    /// As its owner calls it.
    pub name: String,
}

impl Actor {
    /// The shop itself: its workers, its upkeep.
    pub fn shop() -> Self {
        Self::named("(the shop)")
    }

    /// Whoever types commands on the shop's machine.
    pub fn operator() -> Self {
        Self::named("(command line)")
    }

    /// Somebody who is not logged in.
    pub fn visitor(ip: Option<IpAddr>, user_agent: Option<&str>) -> Self {
        let user_agent = user_agent.map(|text| text.chars().filter(|c| !c.is_control()).take(USER_AGENT).collect());
        Self { ip: ip.map(|ip| ip.to_canonical()), user_agent, ..Self::named("(a visitor)") }
    }

    /// The same, known to be the person with this account, `who` being its address.
    #[must_use]
    pub fn known_as(self, user_id: Uuid, who: impl ToString) -> Self {
        Self { user_id: Some(user_id), who: who.to_string(), ..self }
    }

    /// The same, acting by a machine.
    #[must_use]
    pub fn by_machine(self, token_id: Uuid, name: &str) -> Self {
        Self { machine: Some(ActingMachine { token_id, name: name.to_owned() }), ..self }
    }

    fn named(who: &str) -> Self {
        Self { user_id: None, who: who.to_owned(), ip: None, user_agent: None, machine: None }
    }

    /// The network that they come from, for limits: an IPv4 address, or the first 64 bits of an IPv6 address, which is
    /// what one customer is given.
    pub fn network(&self) -> String {
        match self.ip {
            None => "nowhere".to_owned(),
            Some(IpAddr::V4(ip)) => ip.to_string(),
            Some(IpAddr::V6(ip)) => beginning(ip, 64),
        }
    }

    /// The larger network around [`Self::network`], for limits with more room: the first 48 bits of an IPv6 address, which
    /// one customer may have as well. IPv4 has none: neighbours there are strangers.
    pub fn wider_network(&self) -> Option<String> {
        match self.ip? {
            IpAddr::V4(_) => None,
            IpAddr::V6(ip) => Some(beginning(ip, 48)),
        }
    }
}

fn beginning(ip: Ipv6Addr, bits: u32) -> String {
    format!("{}/{bits}", Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << (128 - bits))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(ip: &str) -> String {
        Actor::visitor(Some(ip.parse().unwrap()), None).network()
    }

    #[test]
    fn a_customer_with_many_ipv6_addresses_is_one_network() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network("2001:db8:1:2:ffff::1"), network("2001:db8:1:2::"));
        assert_ne!(network("2001:db8:1:3::1"), network("2001:db8:1:2::1"));
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7", "the same machine by another road");
    }

    #[test]
    fn a_customer_with_many_ipv6_networks_is_known_by_the_larger_one() {
        let wider = |ip: &str| Actor::visitor(Some(ip.parse().unwrap()), None).wider_network();
        assert_eq!(wider("2001:db8:1:2:3:4:5:6").as_deref(), Some("2001:db8:1::/48"));
        assert_eq!(wider("2001:db8:1:ffff::1"), wider("2001:db8:1:2::1"));
        assert_ne!(wider("2001:db8:2::1"), wider("2001:db8:1::1"));
        assert_eq!(wider("192.0.2.7"), None);
    }

    #[test]
    fn what_a_browser_calls_itself_cannot_break_out_of_its_line() {
        let long = format!("Browser\r\n\u{1b}[31m{}", "x".repeat(400));
        let kept = Actor::visitor(None, Some(&long)).user_agent.unwrap();
        assert!(kept.starts_with("Browser[31mxxx"));
        assert_eq!(kept.chars().count(), 300);
    }
}
