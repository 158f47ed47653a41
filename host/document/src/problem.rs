//! What is wrong in a text, and where.

use std::fmt;
use std::path::{Path, PathBuf};

/// Where something was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file; none for a default, a flag or an environment variable.
    pub file: Option<PathBuf>,
    /// Its line, counted from 1.
    pub line: Option<usize>,
    /// The column within the line, in characters, counted from 1.
    pub column: Option<usize>,
}

impl Place {
    /// The file as a whole.
    pub fn file(file: &Path) -> Place {
        Place { file: Some(file.to_owned()), line: None, column: None }
    }

    /// A place in it.
    pub fn at(file: &Path, line: usize, column: usize) -> Place {
        Place { file: Some(file.to_owned()), line: Some(line), column: Some(column) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(file) = &self.file else { return Ok(()) };
        write!(f, "{}:", file.display())?;
        [self.line, self.column].iter().flatten().try_for_each(|number| write!(f, "{number}:"))?;
        f.write_str(" ")
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// Its path (`http.listen`), a flag (`--http`) or a variable; empty for the whole file.
    pub path: String,
    /// What is wrong and what is accepted; goes on from the path.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.is_empty() {
            true => write!(f, "{}{}", self.place, self.message),
            false => write!(f, "{}`{}` {}", self.place, self.path, self.message),
        }
    }
}

/// Everything that is wrong in a file, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Fails with the problems, unless there are none.
    ///
    /// # Errors
    /// All of them.
    pub fn none(mut problems: Vec<Problem>) -> Result<(), Problems> {
        problems.sort();
        match problems.is_empty() {
            true => Ok(()),
            false => Err(Problems(problems)),
        }
    }

    /// Each of them; at least one.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Problems {
        Problems(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.0.iter().enumerate() {
            let end = if at + 1 == self.0.len() { "" } else { "\n" };
            write!(f, "{problem}{end}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
