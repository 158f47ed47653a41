//! Takes orders: `POST /orders` takes what is ordered out of the stock, writes the order down, and
//! tells the rest of the shop.
//!
//! Stock and order are written in one transaction; the event is not part of it. So an order may be
//! written and nobody told, if the store of events is away just then. The client has no good answer in
//! that case and sends the order again, under the same id: the stock is not touched twice, and the
//! event is published. Whoever receives events must take the same order twice as once.

use std::time::Duration;

use ottavo_sdk::pubsub::Message;
use ottavo_sdk::state::{Entry, Transaction, Value};
use ottavo_sdk::{Error, Kind, Request, Response, Result};
use ottavo_sdk::{config, context, log, pubsub, state, status};
use serde::{Deserialize, Serialize};

/// What is kept of a call's time for publishing and answering.
const TIME_TO_ANSWER: Duration = Duration::from_secs(2);

/// What a client orders, under an id of its own choice.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
struct Order {
    id: String,
    item: String,
    quantity: u32,
}

#[ottavo_sdk::http]
fn orders(request: Request) -> Result<Response> {
    let order: Order = request.json()?;
    order.check(max_quantity()?)?;
    take(&order)?;
    let event = Message::json(&order)?.id(&order.id).event_type("shop.order-accepted");
    pubsub::Store::open("default").publish("orders", &event)?;
    log::info!("order accepted", order = order.id, item = order.item, quantity = order.quantity);
    Ok(Response::json(&order)?.with_status(status::ACCEPTED))
}

/// Takes the order out of the stock and writes it down: both or neither.
fn take(order: &Order) -> Result<()> {
    let store = state::Store::open("default");
    let (order_key, stock_key) = (format!("order/{}", order.id), format!("stock/{}", order.item));
    // each time that somebody else took of the same stock meanwhile, with the new number
    while context::remaining() > TIME_TO_ANSWER {
        if let Some(known) = store.get_json::<Order>(&order_key)? {
            return order.again(&known);
        }
        let stock = store.get(&stock_key)?;
        let stock = stock.ok_or_else(|| Error::not_found(format!("no item `{}`", order.item)))?;
        let left = order.left_of(&stock)?.to_string();
        let both = Transaction::new()
            .upsert(Entry::new(&stock_key, &left).if_match(stock.etag()))
            .upsert(Entry::json(&order_key, order)?.if_absent());
        match store.transact(&both) {
            Err(error) if error.kind() == Kind::Conflict => {}
            outcome => return outcome.map(drop),
        }
    }
    Err(Error::unavailable(format!("`{}` is in great demand: send the order again", order.item)))
}

/// The most that one order may have: in the shop's configuration, where it can be changed at any time.
fn max_quantity() -> Result<u32> {
    let shop = config::Store::open("default");
    let Some(most) = shop.get(&config::Scope::of("shop"), "max-quantity")? else { return Ok(100) };
    most.value.parse().map_err(|_| {
        Error::failed_precondition(format!("`max-quantity` is `{}`, no whole number", most.value))
    })
}

impl Order {
    fn check(&self, most: u32) -> Result<()> {
        // they become parts of keys and of file names
        let is_name = |text: &str| {
            let known = |c: char| c.is_ascii_alphanumeric() || c == '-';
            (1..=40).contains(&text.len()) && text.chars().all(known)
        };
        for (field, text) in [("id", &self.id), ("item", &self.item)] {
            if !is_name(text) {
                let hint = "use 1 to 40 letters, digits and `-`";
                return Err(Error::invalid_argument(format!("`{field}` is `{text}`: {hint}")));
            }
        }
        if !(1..=most).contains(&self.quantity) {
            let quantity = self.quantity;
            let hint = format!("order 1 to {most} at once");
            return Err(Error::invalid_argument(format!("`quantity` is `{quantity}`: {hint}")));
        }
        Ok(())
    }

    /// What is left of the stock after this order.
    fn left_of(&self, stock: &Value) -> Result<u32> {
        let there: u32 = stock.text()?.parse().map_err(|_| {
            Error::data_loss(format!("the stock of `{}` is no whole number", self.item))
        })?;
        there.checked_sub(self.quantity).ok_or_else(|| {
            let Order { item, quantity, .. } = self;
            Error::conflict(format!("out of stock: {quantity} of `{item}` ordered, {there} there"))
        })
    }

    /// The order is known: fine if it is this one.
    fn again(&self, known: &Order) -> Result<()> {
        if self == known {
            return Ok(());
        }
        let hint = "choose another id";
        Err(Error::already_exists(format!("`{}` is another order already: {hint}", self.id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(id: &str, item: &str, quantity: u32) -> Order {
        Order { id: id.to_owned(), item: item.to_owned(), quantity }
    }

    #[test]
    fn an_order_has_names_and_a_quantity_within_bounds() {
        assert_eq!(order("A-17", "tea", 100).check(100), Ok(()));
        for wrong in [
            order("", "tea", 1),
            order("../A", "tea", 1),
            order(&"A".repeat(41), "tea", 1),
            order("A-17", "Tee süß", 1),
            order("A-17", "tea", 0),
            order("A-17", "tea", 101),
        ] {
            assert_eq!(wrong.check(100).unwrap_err().kind(), Kind::InvalidArgument, "{wrong:?}");
        }
    }

    #[test]
    fn an_id_stands_for_one_order() {
        assert_eq!(order("A-17", "tea", 2).again(&order("A-17", "tea", 2)), Ok(()));
        let another = order("A-17", "tea", 2).again(&order("A-17", "tea", 3)).unwrap_err();
        assert_eq!(another.kind(), Kind::AlreadyExists);
    }
}
