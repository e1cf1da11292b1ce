//! A map from property names to values that keeps the order of insertion, for objects with more or
//! other properties than shapes are made for. Removing leaves a gap that is closed later, so
//! no operation costs more than its share of all of them.

use super::Text;
use super::shape::hash_key;

/// No entry has ever been here.
const FREE: u32 = u32::MAX;
/// An entry was here and has been removed: searches go on.
const GONE: u32 = u32::MAX - 1;

/// Properties in order of insertion with an index by name.
pub struct Dictionary<V> {
    /// `None` where a property was removed.
    entries: Vec<Option<(Text, V)>>,
    live: usize,
    /// Positions in `entries` by hash; a power of two long, at most three quarters used.
    index: Vec<u32>,
    /// Cells of `index` that are not `FREE`.
    used: usize,
}

impl<V> Default for Dictionary<V> {
    fn default() -> Self {
        Self { entries: Vec::new(), live: 0, index: vec![FREE; 16], used: 0 }
    }
}

impl<V> Dictionary<V> {
    #[must_use]
    pub fn len(&self) -> usize {
        self.live
    }

    /// Where in `index` the name is, and the position it stands for.
    fn locate(&self, key: &str) -> Option<(usize, usize)> {
        let mask = self.index.len() - 1;
        let mut cell = hash_key(key) as usize & mask;
        loop {
            let position = self.index[cell];
            if position == FREE {
                return None;
            }
            if position != GONE
                && let Some((own, _)) = &self.entries[position as usize]
                && own.as_str() == key
            {
                return Some((cell, position as usize));
            }
            cell = (cell + 1) & mask;
        }
    }

    #[must_use]
    pub fn get(&self, key: &str) -> Option<&V> {
        let (_, position) = self.locate(key)?;
        self.entries[position].as_ref().map(|(_, value)| value)
    }

    #[must_use]
    pub fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        let (_, position) = self.locate(key)?;
        self.entries[position].as_mut().map(|(_, value)| value)
    }

    /// Sets a property, at the end if it is new; returns the value that was there.
    pub fn insert(&mut self, key: &Text, value: V) -> Option<V> {
        if let Some((_, position)) = self.locate(key.as_str()) {
            let (_, own) = self.entries[position].as_mut()?;
            return Some(std::mem::replace(own, value));
        }
        let gaps = self.entries.len() - self.live;
        if self.used * 4 >= self.index.len() * 3 || gaps > self.live + 16 {
            self.rebuild();
        }
        let position = self.entries.len() as u32;
        self.entries.push(Some((key.clone(), value)));
        self.live += 1;
        self.enter(hash_key(key.as_str()), position);
        None
    }

    fn enter(&mut self, hash: u64, position: u32) {
        let mask = self.index.len() - 1;
        let mut cell = hash as usize & mask;
        while self.index[cell] != FREE {
            cell = (cell + 1) & mask;
        }
        self.index[cell] = position;
        self.used += 1;
    }

    /// Closes the gaps and makes an index with room for as many properties again.
    fn rebuild(&mut self) {
        self.entries.retain(Option::is_some);
        let cells = (self.live * 3).next_power_of_two().max(16);
        self.index.clear();
        self.index.resize(cells, FREE);
        self.used = 0;
        for position in 0..self.entries.len() {
            if let Some((key, _)) = &self.entries[position] {
                let hash = hash_key(key.as_str());
                self.enter(hash, position as u32);
            }
        }
    }

    pub fn remove(&mut self, key: &str) -> Option<V> {
        let (cell, position) = self.locate(key)?;
        self.index[cell] = GONE;
        self.live -= 1;
        let (_, value) = self.entries[position].take()?;
        while let Some(None) = self.entries.last() {
            self.entries.pop();
        }
        Some(value)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Text, &V)> {
        self.entries.iter().flatten().map(|(key, value)| (key, value))
    }

    /// The first property at or after `position`, and the position it has.
    #[must_use]
    pub fn at_or_after(&self, position: usize) -> Option<(usize, &Text, &V)> {
        let rest = self.entries.get(position..)?;
        rest.iter().zip(position..).find_map(|(entry, at)| {
            let (key, value) = entry.as_ref()?;
            Some((at, key, value))
        })
    }

    /// Whether entry n is at position n.
    #[must_use]
    pub fn is_dense(&self) -> bool {
        self.entries.len() == self.live
    }

    /// All values, the dictionary being empty afterwards.
    pub fn take_values(&mut self) -> Vec<V> {
        let entries = std::mem::take(self).entries;
        entries.into_iter().flatten().map(|(_, value)| value).collect()
    }
}
