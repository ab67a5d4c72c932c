//! A table of a page for a terminal: one item for each row, the first cell, then each other cell behind its column's
//! heading. Reads well at every width, as columns would not.

use std::io;

use anstyle::Style;

use crate::pen::{Pen, Piece};
use crate::style::{FAINT, PLAIN};

/// The text of a cell.
pub(crate) type Cell = Vec<(Style, String)>;

/// A table, row by row.
#[derive(Default)]
pub(crate) struct Table {
    heads: Vec<Cell>,
    cells: Vec<Cell>,
}

impl Table {
    /// Takes the next cell of the row.
    pub(crate) fn cell(&mut self, cell: Cell) {
        self.cells.push(cell);
    }

    /// The row is complete, and it is the one of the headings.
    pub(crate) fn end_head(&mut self) {
        self.heads = std::mem::take(&mut self.cells);
    }

    /// The row is complete: writes it.
    pub(crate) fn end_row(&mut self, pen: &mut Pen<'_>) -> io::Result<()> {
        let cells = std::mem::take(&mut self.cells);
        let mut text: Vec<Piece<'_>> = Vec::new();
        for (index, cell) in cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| !cell.is_empty())
        {
            if index > 0 {
                text.push((PLAIN, if index == 1 { ": " } else { "; " }));
                text.extend(
                    self.heads
                        .get(index)
                        .into_iter()
                        .flatten()
                        .map(|(_, head)| (FAINT, head.as_str())),
                );
                text.push((PLAIN, " "));
            }
            text.extend(cell.iter().map(|(style, text)| (*style, text.as_str())));
        }
        pen.flow(&[(FAINT, "  - ")], (PLAIN, "    "), &text)
    }
}
