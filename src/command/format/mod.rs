//! Numbers, dates and times as texts, by the formats that `String` documents. Pure functions:
//! what the outside decides, such as the time zone, comes in as an argument.

pub mod date;
pub mod number;
pub mod pattern;
