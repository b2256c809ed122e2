//! The operators and functions of expressions, with their names in CEL.

/// A comparison; `!=` is the negation of `==`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareOp {
    /// `==`
    Equal,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl CompareOp {
    /// The operator in CEL.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// Whether an ordering satisfies it.
    pub fn accepts(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

/// How a text is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchOp {
    /// Anywhere.
    Contains,
    /// At the beginning.
    StartsWith,
    /// At the end.
    EndsWith,
}

impl MatchOp {
    /// The function's name in CEL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::StartsWith => "startsWith",
            Self::EndsWith => "endsWith",
        }
    }
}

/// `+ - * /` of numbers and times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArithmeticOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`; by zero is missing.
    Divide,
}

impl ArithmeticOp {
    /// The operator in CEL and SQL.
    pub fn symbol(self) -> char {
        match self {
            Self::Add => '+',
            Self::Subtract => '-',
            Self::Multiply => '*',
            Self::Divide => '/',
        }
    }
}

/// What `.lower()`, `.upper()` and `.trim()` do; comparison ignores all three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextCase {
    /// Small letters.
    Lower,
    /// Capital letters.
    Upper,
    /// Without white space at the ends.
    Trim,
}

impl TextCase {
    /// The function's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lower => "lower",
            Self::Upper => "upper",
            Self::Trim => "trim",
        }
    }
}

/// A part of a date or an instant (in UTC), counted as CEL counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatePart {
    /// `getFullYear()`: 2026.
    Year,
    /// `getMonth()`: 0 is January.
    Month,
    /// `getDate()`: 1 to 31.
    Day,
    /// `getDayOfWeek()`: 0 is Sunday.
    Weekday,
}

impl DatePart {
    /// The function's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Year => "getFullYear",
            Self::Month => "getMonth",
            Self::Day => "getDate",
            Self::Weekday => "getDayOfWeek",
        }
    }
}

/// How far a constant day or instant is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShiftUnit {
    /// `addMonths`: the last day of the month when the day does not exist.
    Months,
    /// `addYears`.
    Years,
}

impl ShiftUnit {
    /// The function's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Months => "addMonths",
            Self::Years => "addYears",
        }
    }
}

/// What an actor belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mine {
    /// `my_teams`
    Teams,
    /// `my_territories`
    Territories,
}

impl Mine {
    /// What a name in CEL stands for.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Teams, Self::Territories].into_iter().find(|mine| mine.word() == word)
    }

    /// The name in CEL.
    pub fn word(self) -> &'static str {
        match self {
            Self::Teams => "my_teams",
            Self::Territories => "my_territories",
        }
    }

    /// What is in it.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Teams => "teams",
            Self::Territories => "territories",
        }
    }

    /// How to write it.
    pub fn example(self) -> &'static str {
        match self {
            Self::Teams => "Write `team in my_teams`.",
            Self::Territories => "Write `territory in my_territories`.",
        }
    }
}
