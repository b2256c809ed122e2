//! Tests of every kind.
