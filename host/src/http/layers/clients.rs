//! Counts what each address has open, so that none takes everything.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// The counts, by address.
#[derive(Clone, Debug)]
pub(crate) struct Clients {
    max: usize,
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One thing that an address has open; counted until dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    clients: Clients,
    address: IpAddr,
}

impl Clients {
    /// `max` for each address.
    pub(crate) fn new(max: usize) -> Self {
        Self { max, open: Arc::default() }
    }

    /// Count one more; none when the address has as many as it may have.
    pub(crate) fn try_acquire(&self, address: IpAddr) -> Option<Permit> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_default();
        if *count >= self.max {
            return None;
        }
        *count += 1;
        Some(Permit { clients: self.clone(), address })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self.clients.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::Clients;

    #[test]
    fn each_address_has_its_own_count_and_gets_back_what_it_closes() {
        let clients = Clients::new(2);
        let (one, other): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let first = clients.try_acquire(one).unwrap();
        let _second = clients.try_acquire(one).unwrap();
        assert!(clients.try_acquire(one).is_none());
        assert!(clients.try_acquire(other).is_some());
        drop(first);
        assert!(clients.try_acquire(one).is_some());
        assert_eq!(clients.open.lock().unwrap().len(), 1, "an address with nothing open is forgotten");
    }
}
