//! Who sells, and how they are reached (Directive 2000/31/EC, article 5).

use super::Facts;

pub fn text(facts: &Facts) -> String {
    let (shop, letterhead) = (&facts.shop.name, facts.letterhead());
    let mail = match &facts.shop.contact {
        Some(contact) => format!("Write to {contact}."),
        None if facts.seller.address.is_empty() => "The shop has not said yet where to write to.".to_owned(),
        None => "Write to the address above.".to_owned(),
    };
    format!(
        "# Who runs {shop}

{letterhead}

# Questions about an order

{mail} Say the number of the order, such as L-7K3Q-92MX: it stands on your receipt and at /orders. If you want to \
withdraw from an order, /withdrawal says how.

# Questions about your data

What {shop} keeps of you stands at /privacy. You can download all of it and delete your account yourself, at /account."
    )
}
