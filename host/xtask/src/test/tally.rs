//! Counting tests by what libtest, `go test -v` and TAP print.

/// How many tests did what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
}

impl Tally {
    /// Counts one line of output; lines that are no result count nothing.
    pub(crate) fn read(&mut self, line: &str) {
        if let Some(result) = line.strip_prefix("test result: ") {
            return self.read_libtest(result);
        }
        let count = |mark: &str| line.strip_prefix(mark).and_then(|rest| rest.trim().parse().ok());
        self.passed += count("# pass ").unwrap_or(u64::from(line.starts_with("--- PASS: ")));
        self.failed += count("# fail ").unwrap_or(u64::from(line.starts_with("--- FAIL: ")));
        self.ignored += count("# skipped ").unwrap_or(u64::from(line.starts_with("--- SKIP: ")));
    }

    fn read_libtest(&mut self, result: &str) {
        for part in result.split(['.', ';']) {
            let mut words = part.split_whitespace();
            let (Some(number), Some(word)) = (words.next(), words.next()) else { continue };
            let Ok(number) = number.parse::<u64>() else { continue };
            match word {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }

    /// Adds another.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }

    /// Whether nothing was counted.
    pub(crate) fn is_empty(self) -> bool {
        self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_add_up_over_test_binaries() {
        let mut tally = Tally::default();
        for line in [
            "running 2 tests",
            "test a ... ok",
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.02s",
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.50s",
        ] {
            tally.read(line);
        }
        assert_eq!(tally, Tally { passed: 15, failed: 2, ignored: 1 });
    }

    #[test]
    fn tests_of_go_and_tap_count_too() {
        let mut tally = Tally::default();
        for line in ["--- PASS: TestA (0.00s)", "    --- PASS: TestA/part", "--- FAIL: TestB", "ok"]
        {
            tally.read(line);
        }
        assert_eq!(tally, Tally { passed: 1, failed: 1, ignored: 0 });
        for line in ["# tests 7", "# pass 5", "# fail 1", "# skipped 1", "# pass the salt"] {
            tally.read(line);
        }
        assert_eq!(tally, Tally { passed: 6, failed: 2, ignored: 1 });
    }
}
