//! Where index entries of calls lie: together with those of calls that came at the same time.
//!
//! Numbers and user data come in no order. An index over all of them would make every push change pages all over the file,
//! and writing pages is what a push costs. So entries are kept by segments of some hundred calls each: what comes together
//! is written together, and a search looks into each segment, a few microseconds apiece. With a thousand calls to a segment a
//! search is three times as fast, and a message of 50 CDRs costs a tenth more; pushes are many, searches are few.

/// Calls of a segment, as a power of two.
const BITS: u32 = 8;

/// The segment of a call.
pub(in crate::intake) const fn of(call_id: i64) -> i64 {
    call_id >> BITS
}

/// SQL for the segment of a call, as an index has it.
pub(in crate::intake) fn expression(id: &str) -> String {
    format!("({id} >> {BITS})")
}

/// SQL for the ids of the calls that are found by a condition in every segment. `table` holds the entries, under the name
/// `entry`; `segment` and `id` are SQL for what an entry has of these.
pub(in crate::intake) fn search(table: &str, segment: &str, id: &str, condition: &str) -> String {
    let (first, last) = (expression("min(id)"), expression("max(id)"));
    format!(
        "WITH RECURSIVE segment (number) AS (SELECT {first} FROM intake_call UNION ALL \
             SELECT number + 1 FROM segment WHERE number < (SELECT {last} FROM intake_call)) \
         SELECT {id} FROM segment JOIN {table} AS entry ON {segment} = segment.number AND {condition}"
    )
}

#[cfg(test)]
mod tests {
    use super::{expression, of};

    #[test]
    fn the_schemas_count_segments_alike() {
        assert_eq!((of(255), of(256)), (0, 1));
        for schema in [
            include_str!("../schema/sqlite-1.sql"),
            include_str!("../schema/postgres-1.sql"),
        ] {
            assert!(schema.contains(&expression("id")));
        }
    }
}
