//! Sparklines: numbers as a row of blocks.

/// The blocks, lowest first.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Values as blocks, one column each, from the least of them at the bottom to the greatest at the
/// top. Where there are more values than `columns`, neighbours share one that shows the greatest of
/// them. The words beside it must say what the ends are.
pub(crate) fn sparkline(values: &[u64], columns: usize) -> String {
    let width = values.len().min(columns);
    let (Some(&least), Some(&most)) = (values.iter().min(), values.iter().max()) else {
        return String::new();
    };
    (0..width)
        .filter_map(|column| {
            let shared = values.len() * column / width..values.len() * (column + 1) / width;
            values.get(shared)?.iter().max()
        })
        .map(|value| block(value - least, most - least))
        .collect()
}

/// The block for a value between 0 and the greatest.
fn block(value: u64, most: u64) -> char {
    let top = BLOCKS.len() as u128 - 1;
    let height = (u128::from(value) * top + u128::from(most) / 2).checked_div(most.into());
    let height = height.and_then(|height| usize::try_from(height).ok());
    BLOCKS[height.unwrap_or_default().min(BLOCKS.len() - 1)]
}

#[cfg(test)]
mod tests {
    use super::sparkline;

    #[test]
    fn values_stand_between_the_least_and_the_greatest() {
        for (values, columns, expected) in [
            (&[][..], 10, ""),
            (&[5], 10, "▁"),
            (&[5, 5, 5], 10, "▁▁▁"),
            (&[0, 1, 2, 3, 4, 5, 6, 7], 10, "▁▂▃▄▅▆▇█"),
            (&[10, 17, 13], 10, "▁█▄"),
            (&[0, u64::MAX, u64::MAX / 2], 3, "▁█▄"),
            (&[1, 2], 0, ""),
        ] {
            assert_eq!(sparkline(values, columns), expected, "{values:?}");
        }
    }

    #[test]
    fn neighbours_share_a_column_and_no_peak_is_lost() {
        let mut values = [0; 100];
        values[57] = 9;
        let expected: String = (0..10).map(|at| if at == 5 { '█' } else { '▁' }).collect();
        assert_eq!(sparkline(&values, 10), expected);
        assert_eq!(sparkline(&[0, 9, 0, 0, 9], 2), "██");
        assert_eq!(sparkline(&[0, 0, 0, 0, 9], 2), "▁█");
    }
}
