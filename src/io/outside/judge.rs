//! What a gateway's answer means: sent, to be tried again, or refused. Some say 200 to what they did not send, so that only what
//! the gateway's documentation calls success is one (`sms: { ok: … }`).

use serde_json::Value;

use super::spool::Refusal;
use crate::config::outside::Accepted;
use crate::flow::errand::Fetched;

/// Letters of an answer that are told.
const SAID_CHARS_MAX: usize = 200;

/// # Errors
/// The gateway was not reached, or says no.
pub(super) fn judge(fetched: &Fetched, accepted: &Accepted) -> Result<(), Refusal> {
    let (status, body) = match fetched {
        Fetched::Answer { status, body } => (*status, body),
        Fetched::Failed(why) => return Err(Refusal::passing(format!("the gateway: {}", why.as_str()))),
    };
    let said: String = body.to_string().chars().filter(|c| !c.is_control()).take(SAID_CHARS_MAX).collect();
    let why = format!("the gateway says {status} {said}");
    match status {
        200..=299 if takes(status, body, accepted) => Ok(()),
        // Tried again it might be sent twice.
        200..=299 => Err(Refusal::for_good(format!("{why}, which is no success"))),
        // Too slow, too early, too often: these mend themselves (RFC 9110 §15.5.9, RFC 8470, RFC 6585).
        408 | 425 | 429 | 500..=599 => Err(Refusal::passing(why)),
        // OVH: a signature is good for some moments by its clock. Each try is signed anew.
        400 if body.get("errorCode").is_some_and(|code| code == "INVALID_SIGNATURE") => {
            Err(Refusal::passing(format!("{why}: are the keys right, and the clock of this machine?")))
        }
        _ => Err(Refusal::for_good(why)),
    }
}

/// Whether an answer is one that the gateway gives when it takes a message.
fn takes(status: u16, body: &Value, accepted: &Accepted) -> bool {
    let is_value = |value: &Value, wanted: &String| match value {
        Value::String(text) => text == wanted,
        value => {
            let written = value.to_string();
            written == *wanted
        }
    };
    let text = || body.as_str().map_or_else(|| body.to_string(), str::to_owned);
    (accepted.status.is_empty() || accepted.status.contains(&status))
        && accepted.has.iter().all(|place| at(body, place).is_some_and(is_something))
        && !accepted.lacks.iter().any(|place| at(body, place).is_some_and(is_something))
        && accepted.is.iter().all(|(place, values)| {
            at(body, place).is_some_and(|value| values.iter().any(|wanted| is_value(value, wanted)))
        })
        && accepted.text.as_ref().is_none_or(|wanted| text().contains(wanted))
}

/// What stands at a place: `messages.0.id`.
fn at<'j>(body: &'j Value, place: &str) -> Option<&'j Value> {
    place.split('.').try_fold(body, |json, key| match json {
        Value::Array(items) => items.get(key.parse::<usize>().ok()?),
        json => json.get(key),
    })
}

/// No null, false, 0, nor anything empty.
fn is_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::base::diagnostic::Source;
    use crate::flow::errand::FetchFailure;

    /// What is success for a site whose `sms` says this.
    fn accepted(sms: &str) -> Accepted {
        let texts = [Source::new("site.yaml", format!("svi: 1\nsms: {sms}\n"))];
        let (site, report) = crate::config::read(&texts, &Default::default(), true, &|_| None);
        assert_eq!(report.to_string(), "");
        site.shared.sms.unwrap().accepted
    }

    fn judged(accepted: &Accepted, status: u16, body: Value) -> Result<(), bool> {
        judge(&Fetched::Answer { status, body }, accepted).map_err(|refusal| refusal.for_good)
    }

    #[test]
    fn without_a_word_of_its_own_any_status_of_success_is_one() {
        let any = Accepted::default();
        assert_eq!((judged(&any, 200, json!({"e": 1})), judged(&any, 204, json!(null))), (Ok(()), Ok(())));
        for (status, for_good) in
            [(302, true), (400, true), (401, true), (404, true), (408, false), (429, false), (503, false)]
        {
            assert_eq!(judged(&any, status, json!({})), Err(for_good), "{status}");
        }
        let why = judge(&Fetched::Answer { status: 400, body: json!({"e": 1}) }, &any).unwrap_err().why;
        assert_eq!(why, "the gateway says 400 {\"e\":1}");
        let failed = judge(&Fetched::Failed(FetchFailure::Timeout), &any).unwrap_err();
        assert_eq!((failed.for_good, failed.why.as_str()), (false, "the gateway: timeout"));
    }

    /// As the documentation of each shows them; what a message was not sent by must not pass for sent.
    #[test]
    fn each_gateway_has_its_own_success() {
        let ovh = accepted(
            "{ provider: ovh, from: L, auth: { account: a, application: b, secret: c, consumer: d } }",
        );
        let sent = json!({ "ids": [26_929_925], "invalidReceivers": [], "tag": "x", "totalCreditsRemoved": 1,
            "validReceivers": ["+33612345678"] });
        let invalid = json!({ "ids": [], "invalidReceivers": ["+33100000000"], "tag": "x", "totalCreditsRemoved": 0,
            "validReceivers": [] });
        let no_credit = json!({ "ids": [1], "invalidReceivers": [], "totalCreditsRemoved": 0, "validReceivers": ["+336"] });
        assert_eq!(judged(&ovh, 200, sent), Ok(()));
        for no in [invalid, no_credit, json!({}), json!(null), json!("OK")] {
            assert_eq!(judged(&ovh, 200, no.clone()), Err(true), "{no}");
        }
        let unsigned = json!({ "errorCode": "INVALID_SIGNATURE", "httpCode": "400 Bad Request", "message": "Invalid signature" });
        assert_eq!(judged(&ovh, 400, unsigned), Err(false), "a clock that is set is right the next time");
        assert_eq!(judged(&ovh, 400, json!({ "message": "Invalid sender" })), Err(true));
        let twilio = accepted("{ provider: twilio, from: \"+336\", auth: { user: a, password: b } }");
        let queued =
            |status: &str, code: Value| json!({ "sid": "SM1", "status": status, "error_code": code });
        assert_eq!(judged(&twilio, 201, queued("queued", json!(null))), Ok(()));
        assert_eq!(judged(&twilio, 201, queued("failed", json!(null))), Err(true));
        assert_eq!(judged(&twilio, 200, json!({ "page": 0, "messages": [] })), Err(true));
        let brevo = accepted("{ provider: brevo, from: L, auth: { key: k } }");
        assert_eq!(judged(&brevo, 201, json!({ "reference": "a", "messageId": 1_511_882_900 })), Ok(()));
        assert_eq!(judged(&brevo, 200, json!({ "messageId": 1 })), Ok(()));
        assert_eq!(judged(&brevo, 200, json!({ "message": "sandbox" })), Err(true));
        let smsmode = accepted("{ provider: smsmode, from: L, auth: { key: k } }");
        assert_eq!(
            judged(&smsmode, 201, json!({ "messageId": "d1", "status": { "value": "ENROUTE" } })),
            Ok(())
        );
        assert_eq!(judged(&smsmode, 201, json!({ "status": "error" })), Err(true));
    }

    #[test]
    fn an_operator_says_what_success_is() {
        let own = |ok: &str| {
            accepted(&format!("{{ url: \"https://s.exemple.fr/?t={{to}}&m={{text}}\", ok: {ok} }}"))
        };
        let code = own("{ is: { code: [100, ok], etat.envoi: oui } }");
        assert_eq!(judged(&code, 200, json!({ "code": 100, "etat": { "envoi": "oui" } })), Ok(()));
        assert_eq!(judged(&code, 200, json!({ "code": "ok", "etat": { "envoi": "oui" } })), Ok(()));
        assert_eq!(judged(&code, 200, json!({ "code": 101, "etat": { "envoi": "oui" } })), Err(true));
        assert_eq!(judged(&code, 200, json!({ "code": 100 })), Err(true));
        let text = own("{ text: \"OK \" }");
        assert_eq!(judged(&text, 200, json!("OK 4711")), Ok(()));
        assert_eq!(judged(&text, 200, json!("ERR 80")), Err(true));
        let places = own("{ status: [200, 202], has: messages.0.id, lacks: erreurs }");
        assert_eq!(judged(&places, 202, json!({ "messages": [{ "id": "a" }], "erreurs": [] })), Ok(()));
        assert_eq!(judged(&places, 201, json!({ "messages": [{ "id": "a" }] })), Err(true));
        assert_eq!(judged(&places, 200, json!({ "messages": [], "erreurs": null })), Err(true));
        assert_eq!(judged(&places, 200, json!({ "messages": [{ "id": "a" }], "erreurs": ["x"] })), Err(true));
    }
}
