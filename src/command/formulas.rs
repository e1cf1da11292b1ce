//! Theme Formulas: code given as text.

commands! {
}
