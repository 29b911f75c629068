//! Reads a condition: `statut == "preparation" and (open(boutique) or waiting(conseillers) < 3)`.
//!
//! Precedence from weak to strong: `or`, `and`, `not`, comparison. Depth is bounded: the text of one YAML scalar is.

use std::iter::Peekable;
use std::ops::Range;
use std::vec::IntoIter;

use super::decimal::Decimal;
use super::read::Reader;
use super::value::{Comparison, Expression, Path, Value};
use crate::base::diagnostic::{Text, nearest};
use crate::base::name::Name;
use crate::base::yaml::Node;
use crate::say;

/// Levels of brackets and `not`.
const DEPTH_MAX: usize = 32;
/// Words and signs of one condition: a chain of `and` is as deep as it is long, and nobody reads a longer one.
const TOKENS_MAX: usize = 256;

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Number(Decimal),
    Sign(&'static str),
}

/// Why a text is no condition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wrong {
    /// In words.
    pub(crate) why: Text,
    /// The octets of the text that are wrong.
    pub(crate) place: Range<usize>,
}

/// Reads a whole condition.
///
/// # Errors
/// What is wrong, and where.
pub(crate) fn read(text: &str) -> Result<Expression, Wrong> {
    let mut parser = Parser { tokens: tokens(text)?.into_iter().peekable(), depth: 0, at: 0..text.len() };
    let read = parser.or().and_then(|expression| match parser.next() {
        None => Ok(expression),
        Some(token) => Err(unexpected(&token)),
    });
    read.map_err(|why| Wrong { why, place: parser.at })
}

const FUNCTIONS: [&str; 4] = ["open", "waiting", "agents", "known"];

/// What stands where nothing of its kind can; a natural word with that of the language.
fn unexpected(token: &Token) -> Text {
    let meant = match token {
        Token::Word(word) => nearest(word, ["and", "or", "not", "in", "=="]).map(|meant| (word, meant)),
        _ => None,
    };
    match meant {
        Some((word, meant)) => say!("`{}` is not known in a condition: write `{}`", word, meant),
        None => say!("{} is not expected here", spelled(token)),
    }
}

impl Reader<'_> {
    /// A condition or a value, all names in it known.
    pub(super) fn expression(&mut self, node: &Node) -> Option<Expression> {
        let text = self.scalar(node)?;
        match read(text) {
            Ok(expression) => {
                self.named(node, &expression);
                Some(expression)
            }
            Err(wrong) => {
                let place = self.part_of(node, wrong.place);
                self.error(
                    &place,
                    "condition",
                    say!("this condition cannot be read: {}", wrong.why),
                    Text::default(),
                );
                None
            }
        }
    }

    /// The calendars and queues that a condition names exist.
    fn named(&mut self, node: &Node, expression: &Expression) {
        let names = self.names;
        let (what, name, known) = match expression {
            Expression::Open(name) => (Text::word("calendar"), name, &names.hours),
            Expression::Waiting(name) | Expression::Agents(name) => {
                (Text::word("queue"), name, &names.queues)
            }
            Expression::Not(inner) | Expression::In(inner, _) => return self.named(node, inner),
            Expression::And(left, right)
            | Expression::Or(left, right)
            | Expression::Compare(_, left, right) => {
                self.named(node, left);
                return self.named(node, right);
            }
            Expression::Literal(_) | Expression::Read(_) | Expression::Known(_) => return,
        };
        if !known.contains(name) {
            let place = self.word_in(node, name);
            self.unknown_word(&place, "unknown-name", what, name, known.iter().map(Name::as_str));
        }
    }
}

struct Parser {
    tokens: Peekable<IntoIter<(Token, Range<usize>)>>,
    depth: usize,
    /// Where the last token that was taken stands.
    at: Range<usize>,
}

impl Parser {
    fn next(&mut self) -> Option<Token> {
        let (token, place) = self.tokens.next()?;
        self.at = place;
        Some(token)
    }

    fn peek(&mut self) -> Option<&Token> {
        self.tokens.peek().map(|(token, _)| token)
    }

    fn or(&mut self) -> Result<Expression, Text> {
        let mut left = self.and()?;
        while self.takes_word("or") {
            left = Expression::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Expression, Text> {
        let mut left = self.not()?;
        while self.takes_word("and") {
            left = Expression::And(Box::new(left), Box::new(self.not()?));
        }
        Ok(left)
    }

    fn not(&mut self) -> Result<Expression, Text> {
        if !self.takes_word("not") {
            return self.comparison();
        }
        self.deeper()?;
        let inner = self.not()?;
        self.depth -= 1;
        Ok(Expression::Not(Box::new(inner)))
    }

    fn comparison(&mut self) -> Result<Expression, Text> {
        let left = self.operand()?;
        let how = match self.peek() {
            Some(Token::Sign("==")) => Comparison::Equal,
            Some(Token::Sign("!=")) => Comparison::Unequal,
            Some(Token::Sign("<")) => Comparison::Less,
            Some(Token::Sign("<=")) => Comparison::LessOrEqual,
            Some(Token::Sign(">")) => Comparison::Greater,
            Some(Token::Sign(">=")) => Comparison::GreaterOrEqual,
            Some(Token::Word(word)) if word == "in" => {
                self.next();
                return Ok(Expression::In(Box::new(left), self.literals()?));
            }
            _ => return Ok(left),
        };
        self.next();
        Ok(Expression::Compare(how, Box::new(left), Box::new(self.operand()?)))
    }

    fn operand(&mut self) -> Result<Expression, Text> {
        match self.next() {
            Some(Token::Sign("(")) => {
                self.deeper()?;
                let inner = self.or()?;
                self.depth -= 1;
                self.expect(")")?;
                Ok(inner)
            }
            Some(Token::Text(text)) => Ok(Expression::Literal(Value::Text(text))),
            Some(Token::Number(number)) => Ok(Expression::Literal(Value::Number(number))),
            Some(Token::Word(word)) if word == "true" || word == "false" => {
                Ok(Expression::Literal(Value::Bool(word == "true")))
            }
            Some(Token::Word(word)) if self.peek() == Some(&Token::Sign("(")) => self.function(&word),
            Some(Token::Word(word)) => Ok(Expression::Read(Path(Name::from(word)))),
            Some(token) => Err(say!("{} is not expected here", spelled(&token))),
            None => Err(Text::word("something is missing at the end")),
        }
    }

    fn function(&mut self, function: &str) -> Result<Expression, Text> {
        let place = self.at.clone();
        self.expect("(")?;
        let Some(Token::Word(name)) = self.next() else {
            return Err(say!("`{}(…)` wants a name", function));
        };
        self.expect(")")?;
        let name = Name::from(name);
        match function {
            "open" => Ok(Expression::Open(name)),
            "waiting" => Ok(Expression::Waiting(name)),
            "agents" => Ok(Expression::Agents(name)),
            "known" => Ok(Expression::Known(Path(name))),
            _ => {
                self.at = place;
                Err(match nearest(function, FUNCTIONS) {
                    Some(meant) => say!("`{}` is not known in a condition: write `{}`", function, meant),
                    None => say!("`{}` is not known: there are open, waiting, agents, known", function),
                })
            }
        }
    }

    fn literals(&mut self) -> Result<Vec<Value>, Text> {
        self.expect("[")?;
        let mut values = Vec::new();
        loop {
            match self.next() {
                Some(Token::Text(text)) => values.push(Value::Text(text)),
                Some(Token::Number(number)) => values.push(Value::Number(number)),
                Some(token) => return Err(say!("{} is not a text or number", spelled(&token))),
                None => return Err(say!("`{}` is missing", "]")),
            }
            match self.next() {
                Some(Token::Sign(",")) => {}
                Some(Token::Sign("]")) => return Ok(values),
                _ => return Err(say!("`{}` is missing", "]")),
            }
        }
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(found)) if found == word);
        if found {
            self.next();
        }
        found
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), Text> {
        match self.next() {
            Some(Token::Sign(found)) if found == sign => Ok(()),
            _ => Err(say!("`{}` is missing", sign)),
        }
    }

    fn deeper(&mut self) -> Result<(), Text> {
        self.depth += 1;
        if self.depth > DEPTH_MAX { Err(Text::word("too many levels")) } else { Ok(()) }
    }
}

const SIGNS: [&str; 11] = ["==", "!=", "<=", ">=", "<", ">", "(", ")", "[", "]", ","];

fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, Wrong> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let at = text.len() - rest.len();
        let wrong = |why: Text, length: usize| Wrong { why, place: at..at + length };
        let length;
        let token;
        if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            token = Token::Sign(sign);
            length = sign.len();
        } else if first == '"' || first == '\'' {
            let inner = &rest[1..];
            let end = inner.find(first);
            let end = end
                .ok_or_else(|| wrong(Text::word("a quotation mark is not closed"), rest.trim_end().len()))?;
            token = Token::Text(inner[..end].to_owned());
            length = end + 2;
        } else if first.is_ascii_digit()
            || (first == '-' && rest[1..].starts_with(|c: char| c.is_ascii_digit()))
        {
            length = 1 + rest[1..].find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len() - 1);
            let number = Decimal::parse(&rest[..length]).ok_or_else(|| {
                wrong(say!("`{}` is not a number that can be compared", &rest[..length]), length)
            })?;
            token = Token::Number(number);
        } else if first.is_alphabetic() || first == '_' {
            let part = |c: char| c.is_alphanumeric() || c == '_' || c == '.' || c == '-';
            length = rest.find(|c: char| !part(c)).unwrap_or(rest.len());
            token = Token::Word(rest[..length].to_owned());
        } else {
            let meant = match first {
                '=' => "==",
                '&' => "and",
                '|' => "or",
                '!' => "not",
                '«' | '“' | '”' | '’' => "\"",
                _ => return Err(wrong(say!("`{}` is not known in a condition", first), first.len_utf8())),
            };
            let why = say!("`{}` is not known in a condition: write `{}`", first, meant);
            return Err(wrong(why, first.len_utf8()));
        }
        tokens.push((token, at..at + length));
        if tokens.len() > TOKENS_MAX {
            return Err(Wrong { why: Text::word("it is too long"), place: 0..text.len() });
        }
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

fn spelled(token: &Token) -> String {
    match token {
        Token::Word(word) => format!("`{word}`"),
        Token::Text(text) => format!("`\"{text}\"`"),
        Token::Number(number) => format!("`{number}`"),
        Token::Sign(sign) => format!("`{sign}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precedence_is_that_of_speech() {
        let read = |text| read(text).unwrap();
        assert_eq!(read("a or b and not c"), read("a or (b and (not c))"));
        assert_eq!(read("waiting(q) < 3 and x in [1, 2]"), read("(waiting(q) < 3) and (x in [1,2])"));
        assert_ne!(read("(a or b) and c"), read("a or b and c"));
    }

    #[test]
    fn what_cannot_be_read_is_said_in_words() {
        let wrong = |text: &str| read(text).unwrap_err().why.english();
        assert_eq!(wrong("a =="), "something is missing at the end");
        assert_eq!(wrong("a = 1"), "`=` is not known in a condition: write `==`");
        assert_eq!(wrong("a && b"), "`&` is not known in a condition: write `and`");
        assert_eq!(wrong("opened(x)"), "`opened` is not known in a condition: write `open`");
        assert_eq!(wrong("ouvert(x)"), "`ouvert` is not known in a condition: write `open`");
        assert_eq!(wrong("a et b"), "`et` is not known in a condition: write `and`");
        assert_eq!(wrong("minuit(x)"), "`minuit` is not known: there are open, waiting, agents, known");
        assert_eq!(wrong("a \"b\""), "`\"b\"` is not expected here");
        assert_eq!(wrong(&"(".repeat(100)), "too many levels");
        assert_eq!(wrong(&"a and ".repeat(100_000)), "it is too long");
    }
}
