//! What manifests declare holds for every commit, and is found by every query.

mod agreement;
mod anew;
mod conditions;
mod fields;
mod marks;
mod points;
mod queries;
