//! The matrix as it is printed: a row for each fault, a column for each language, a sign for each operation.

use super::OPERATIONS;
use super::table::{Over, ROWS};
use crate::report;
use crate::tally::Tally;

/// What came of one fault, one operation, one language.
pub(super) struct Cell {
    /// Position of the row in the table.
    pub(super) row: usize,
    /// Plain or with TLS.
    pub(super) over: Over,
    pub(super) operation: &'static str,
    /// What is wrong, if anything is.
    pub(super) fault: Option<String>,
}

/// All cells.
#[derive(Default)]
pub(super) struct Matrix {
    columns: Vec<(&'static str, Vec<Cell>)>,
}

impl Matrix {
    pub(super) fn add(&mut self, language: &'static str, cells: Vec<Cell>) {
        self.columns.push((language, cells));
    }

    pub(super) fn tally(&self) -> Tally {
        let cells = self.columns.iter().flat_map(|(_, cells)| cells);
        let mut tally = Tally::default();
        for cell in cells {
            match cell.fault {
                None => tally.passed += 1,
                Some(_) => tally.failed += 1,
            }
        }
        tally
    }

    /// Prints the matrix, and below it what is wrong in words.
    pub(super) fn print(&self) {
        report::say(&format!(
            "\nA sign for each of {}: `.` as expected, `F` not.",
            OPERATIONS.join(", ")
        ));
        let names: Vec<_> = self.columns.iter().map(|(name, _)| format!("{name:<7}")).collect();
        report::say(&format!("{:<26} {:<6} {}  expected", "fault", "over", names.join(" ")));
        for (position, row) in ROWS.iter().enumerate() {
            for over in [Over::Plain, Over::Tls] {
                if row.over == Over::Both || row.over == over {
                    self.print_row(position, over);
                }
            }
        }
        for (language, cells) in &self.columns {
            for cell in cells {
                if let (Some(fault), Some(row)) = (&cell.fault, ROWS.get(cell.row)) {
                    let what = format!("{language}, {}, {}, {}", row.name, cell.over.name(), cell.operation);
                    report::say(&format!("FAILED {what}: {fault}"));
                }
            }
        }
    }

    fn print_row(&self, position: usize, over: Over) {
        let Some(row) = ROWS.get(position) else { return };
        let signs: Vec<_> = self
            .columns
            .iter()
            .map(|(_, cells)| signs(cells, position, over))
            .collect();
        report::say(&format!(
            "{:<26} {:<6} {}  {} | {} | {}",
            row.name,
            over.name(),
            signs.join(" "),
            row.rings,
            row.stops,
            row.fetches,
        ));
    }
}

fn signs(cells: &[Cell], row: usize, over: Over) -> String {
    let sign = |operation: &&str| {
        let found = cells
            .iter()
            .find(|cell| cell.row == row && cell.over == over && cell.operation == *operation);
        match found {
            Some(Cell { fault: None, .. }) => '.',
            Some(_) => 'F',
            None => '?',
        }
    };
    format!("{:<7}", OPERATIONS.iter().map(sign).collect::<String>())
}
