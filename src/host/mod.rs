//! The outside as traits.
pub trait Host: Send + Sync {}
