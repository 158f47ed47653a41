//! Rows of a table: what was measured of us and of a floor in the same rounds, and the goal for the ratio.

use std::fmt::{self, Display, Formatter};

/// What is wanted of a ratio, or of a figure of ours where there is no floor.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
    /// It is told and no more.
    None,
}

/// One line.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// What was done.
    pub(crate) work: String,
    /// What of it is counted, with its unit.
    pub(crate) unit: &'static str,
    /// One for each round.
    pub(crate) ours: Vec<f64>,
    /// What it is compared with, and its figures of the same rounds.
    pub(crate) floor: Option<(String, Vec<f64>)>,
    pub(crate) goal: Goal,
}

/// A table with a title, and what stands below it.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) title: &'static str,
    pub(crate) rows: Vec<Row>,
    pub(crate) notes: Vec<String>,
}

/// The middle one, and how far the others are from it.
struct Spread {
    least: f64,
    median: f64,
    most: f64,
}

impl Goal {
    fn is_met(self, figure: f64) -> Option<bool> {
        match self {
            Goal::AtLeast(least) => Some(figure >= least),
            Goal::AtMost(most) => Some(figure <= most),
            Goal::None => None,
        }
    }
}

impl Spread {
    fn of(figures: &[f64]) -> Spread {
        let mut sorted = figures.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |place: usize| sorted.get(place).copied().unwrap_or(f64::NAN);
        Spread {
            least: at(0),
            median: at(sorted.len() / 2),
            most: at(sorted.len().saturating_sub(1)),
        }
    }
}

/// A number with three digits that count.
fn number(value: f64) -> String {
    match value.abs() {
        large if large >= 1000.0 => format!("{value:.0}"),
        large if large >= 100.0 => format!("{value:.0}"),
        large if large >= 10.0 => format!("{value:.1}"),
        large if large >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

impl Display for Spread {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Spread { least, median, most } = self;
        match least < most {
            true => write!(f, "{} ({}–{})", number(*median), number(*least), number(*most)),
            false => f.write_str(&number(*median)),
        }
    }
}

impl Display for Goal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Goal::AtLeast(least) => write!(f, "≥ {least}"),
            Goal::AtMost(most) => write!(f, "≤ {most}"),
            Goal::None => f.write_str("-"),
        }
    }
}

impl Row {
    /// Of what the goal is.
    fn figure(&self) -> Spread {
        match &self.floor {
            None => Spread::of(&self.ours),
            Some((_, floor)) => {
                let ratios: Vec<f64> =
                    self.ours.iter().zip(floor).map(|(ours, floor)| ours / floor).collect();
                Spread::of(&ratios)
            }
        }
    }
}

impl Display for Row {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let figure = self.figure();
        let met = match self.goal.is_met(figure.median) {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "",
        };
        let (floor, floors, ratio) = match &self.floor {
            Some((name, figures)) => {
                (name.as_str(), Spread::of(figures).to_string(), format!("{figure}"))
            }
            None => ("-", "-".to_owned(), "-".to_owned()),
        };
        let Row { work, unit, ours, goal, .. } = self;
        let ours = Spread::of(ours);
        write!(f, "| {work} | {unit} | {ours} | {floor} | {floors} | {ratio} | {goal} | {met} |")
    }
}

impl Display for Table {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "### {}\n", self.title)?;
        writeln!(f, "| work | of | ours | beside | its figure | ratio | goal | met |")?;
        writeln!(f, "|---|---|---:|---|---:|---:|---|---|")?;
        for row in &self.rows {
            writeln!(f, "{row}")?;
        }
        for note in &self.notes {
            writeln!(f, "\n{note}")?;
        }
        Ok(())
    }
}
