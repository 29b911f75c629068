//! The form of a flow's blocks: the steps that can stand in one, from the table of verbs.

use serde_json::{Value as Json, json};

use super::verb::{VERBS, Verb};
use crate::base::form::schema::{Schema, describe};
use crate::base::form::{Form, Own};

/// Blocks by name, each a list of steps.
pub(super) const BLOCKS: Form = Form::Own(&Own {
    define: "",
    words: || "`{ name: [steps] }`".to_owned(),
    schema: |schema| {
        let block = schema.define("block", |schema| {
            let step = schema.define("step", any_step);
            json!({ "type": "array", "items": step, "minItems": 1 })
        });
        json!({ "type": "object", "additionalProperties": block, "minProperties": 1 })
    },
});

fn any_step(schema: &mut Schema) -> Json {
    let steps =
        VERBS.iter().map(|verb| schema.define(&format!("step-{}", verb.name), |schema| step(schema, verb)));
    json!({ "anyOf": steps.collect::<Json>() })
}

/// A step: the verb with what stands behind it, and its options.
fn step(schema: &mut Schema, verb: &Verb) -> Json {
    let mut step = schema.object(verb.options);
    let mut argument = schema.of(verb.argument);
    describe(&mut argument, verb.says);
    argument["markdownDescription"] = json!(format!("{}\n\n```yaml\n{}\n```", verb.says, verb.example));
    step["properties"][verb.name] = argument;
    let options = step["required"].as_array().into_iter().flatten().cloned();
    step["required"] = [json!(verb.name)].into_iter().chain(options).collect();
    step
}
