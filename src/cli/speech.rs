//! `svi speech`: what svi would say of values, in words, or as the recordings that say them.

use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use crate::flow::speech::{Kind, Language, Said};
use crate::io::terminal::{self, errln};

/// `svi speech`
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Lines `kind<TAB>input`, a third column is what is expected; `-` or none: standard input.
    file: Option<PathBuf>,
    /// The language: fr or en.
    #[arg(long, default_value = "fr", value_parser = language)]
    language: Language,
    /// Behind the words, after a tab, the keys of the recordings that say them.
    #[arg(long)]
    fragments: bool,
    /// Compare with the third column and print only what differs.
    #[arg(long)]
    check: bool,
    /// The kinds there are.
    #[arg(long, exclusive = true)]
    kinds: bool,
}

fn language(code: &str) -> Result<Language, String> {
    Language::parse(code).ok_or_else(|| {
        let known = Language::ALL.map(Language::as_str).join(", ");
        format!("svi speaks: {known}")
    })
}

/// Says each line.
pub(crate) fn run(args: &Args) -> ExitCode {
    if args.kinds {
        terminal::out(&Kind::names().map(|name| format!("{name}\n")).collect::<String>());
        return ExitCode::SUCCESS;
    }
    let input: Box<dyn Read> = match args.file.as_deref().filter(|path| path.as_os_str() != "-") {
        None => Box::new(std::io::stdin().lock()),
        Some(path) => match std::fs::File::open(path) {
            Ok(file) => Box::new(file),
            Err(error) => {
                errln!("svi: {}: {error}", path.display());
                return ExitCode::from(2);
            }
        },
    };
    let out = BufWriter::new(std::io::stdout().lock());
    match say_all(args, BufReader::new(input), out, &mut std::io::stderr().lock()) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        // Who reads us has heard enough: `svi speech < table | head`.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            errln!("svi: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Says line by line, and how many could not be said or were not as expected. A line that cannot be said leaves an empty
/// one, so that lines stay side by side.
fn say_all(
    args: &Args,
    input: impl BufRead,
    mut out: impl Write,
    told: &mut impl Write,
) -> std::io::Result<usize> {
    let (mut failed, mut checked) = (0, 0);
    for (index, line) in input.split(b'\n').enumerate() {
        let line = String::from_utf8_lossy(&line?).into_owned();
        let line = line.trim_end_matches('\r').trim_start_matches('\u{feff}');
        let (kind, rest) = line.split_once('\t').unwrap_or((line, ""));
        let (input, expected) = match rest.split_once('\t') {
            Some((input, expected)) => (input, Some(expected)),
            None => (rest, None),
        };
        if index == 0 && (kind, input) == ("kind", "input") {
            continue;
        }
        let said = say(args.language, kind, input);
        match (&said, expected) {
            (Err(why), _) => {
                failed += 1;
                writeln!(told, "svi: line {}: {why}", index + 1)?;
            }
            (Ok(said), Some(expected)) if args.check => {
                checked += 1;
                if said.text != expected {
                    failed += 1;
                    let place = index + 1;
                    writeln!(
                        out,
                        "line {place}: {kind} {input}: expected “{expected}”, said “{}”",
                        said.text
                    )?;
                }
            }
            (Ok(_), None) if args.check => {
                failed += 1;
                writeln!(told, "svi: line {}: nothing is expected: no third column", index + 1)?;
            }
            (Ok(_), _) => {}
        }
        if !args.check {
            let said = said.unwrap_or_default();
            if args.fragments {
                let keys: Vec<&str> = said.fragments.iter().map(|fragment| fragment.key.as_str()).collect();
                writeln!(out, "{}\t{}", said.text, keys.join(" "))?;
            } else {
                writeln!(out, "{}", said.text)?;
            }
            if args.fragments
                && let Some(noun) = said.unrecorded
            {
                failed += 1;
                writeln!(told, "svi: line {}: there is no recording of `{noun}`", index + 1)?;
            }
        }
    }
    if args.check {
        writeln!(out, "{checked} compared, {failed} wrong")?;
    }
    out.flush()?;
    Ok(failed)
}

fn say(language: Language, kind: &str, input: &str) -> Result<Said, String> {
    let Some(known) = Kind::parse(kind) else {
        if kind.trim().is_empty() {
            return Err("the line is empty: a kind, a tab and an input are expected".to_owned());
        }
        let meant = crate::base::diagnostic::nearest(kind, Kind::names());
        let help = meant
            .map_or("`svi speech --kinds` lists them".to_owned(), |meant| format!("did you mean `{meant}`?"));
        return Err(format!("there is no kind `{kind}`: {help}"));
    };
    known.say(language, input).map_err(|why| why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run_with(check: bool, fragments: bool, language: Language, input: &str) -> (usize, String, String) {
        let args = Args { file: None, language, fragments, check, kinds: false };
        let (mut out, mut told) = (Vec::new(), Vec::new());
        let failed = say_all(&args, input.as_bytes(), &mut out, &mut told).unwrap();
        (failed, String::from_utf8(out).unwrap(), String::from_utf8(told).unwrap())
    }

    #[test]
    fn lines_stay_side_by_side_with_what_could_not_be_said() {
        let input = "kind\tinput\texpected\r\nnombre\t21\r\nnombe\t3\nheure\t25:00\n\nTelephone\t3018\n";
        let (failed, out, told) = run_with(false, false, Language::French, input);
        assert_eq!(out, "vingt et un\n\n\n\ntrente, dix-huit\n");
        assert_eq!(
            told,
            "svi: line 3: there is no kind `nombe`: did you mean `nombre`?\n\
             svi: line 4: the value is out of the range of `time`\n\
             svi: line 5: the line is empty: a kind, a tab and an input are expected\n"
        );
        assert_eq!(failed, 3);
    }

    #[test]
    fn recordings_are_named_and_a_noun_without_one_is_told() {
        let (failed, out, told) = run_with(false, true, Language::English, "number\t21\nquantity\t2 boxes\n");
        assert_eq!(
            out,
            "twenty-one\ten/numbers/20-suite.wav en/numbers/1.wav\ntwo boxes\ten/numbers/2.wav\n"
        );
        assert_eq!((failed, told.as_str()), (1, "svi: line 2: there is no recording of `boxes`\n"));
    }

    #[test]
    fn a_table_is_compared_with_what_it_expects() {
        let input = "nombre\t1\tun\nnombre\t2\tdoix\nnombre\t3\n";
        let (failed, out, told) = run_with(true, false, Language::French, input);
        assert_eq!(out, "line 2: nombre 2: expected “doix”, said “deux”\n2 compared, 2 wrong\n");
        assert_eq!((failed, told.as_str()), (2, "svi: line 3: nothing is expected: no third column\n"));
    }
}
