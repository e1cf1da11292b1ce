//! `JSON Validate`: a value held against a JSON schema, by a library; its findings as 4D numbers them.
//! `Source: commands/json-validate`

use super::symbols::SYMBOLS;
use super::write::stringified;
use crate::value::{Collection, ErrorCode, Fault, Object, Result, Text, Value};
use crate::vm::Process;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{Draft, ValidationError};
use serde_json::Value as Json;

/// Source: commands/json-validate
pub(super) fn json_validate(process: &mut Process, value: Value, schema: Value) -> Result<Value> {
    let places = match &value {
        Value::Object(object) => match object.get(SYMBOLS) {
            Value::Object(places) => Some(places),
            _ => None,
        },
        _ => None,
    };
    let mut instance = to_json(process, &value)?;
    if places.is_some()
        && let Json::Object(members) = &mut instance
    {
        members.remove(SYMBOLS);
    }
    let schema = to_json(process, &schema)?;
    let validator = jsonschema::options()
        .with_draft(draft(&schema)?)
        .build(&schema)
        .map_err(|error| Fault::new(ErrorCode::Json, format!("The schema is not valid: {error}")))?;
    let mut found = Vec::new();
    for error in validator.iter_errors(&instance) {
        findings(&error, &mut found);
    }
    let result = Object::new();
    result.set(&Text::from("success"), Value::Boolean(found.is_empty()));
    if !found.is_empty() {
        let errors = found.iter().map(|finding| finding.as_object(places.as_ref())).collect();
        result.set(&Text::from("errors"), Value::Collection(Collection::from_values(errors)));
    }
    Ok(Value::Object(result))
}

fn to_json(process: &mut Process, value: &Value) -> Result<Json> {
    let text = stringified(process, value, false)?;
    serde_json::from_str(text.as_str())
        .map_err(|error| Fault::new(ErrorCode::Json, format!("The value cannot be validated: {error}")))
}

/// Version 4 where the schema does not say. `Source: commands/json-validate (Specifying the version)`
fn draft(schema: &Json) -> Result<Draft> {
    let Some(version) = schema.get("$schema").and_then(Json::as_str) else { return Ok(Draft::Draft4) };
    let plain = version.trim_end_matches('#');
    match plain.split_once("//").map_or(plain, |(_, rest)| rest) {
        "json-schema.org/draft/2020-12/schema" => Ok(Draft::Draft202012),
        "json-schema.org/draft-04/schema" => Ok(Draft::Draft4),
        _ => Err(Fault::new(ErrorCode::Json, format!("The schema version `{version}` is not supported"))),
    }
}

/// One violation.
struct Finding {
    code: i32,
    path: String,
    schema_path: String,
    message: String,
}

impl Finding {
    fn as_object(&self, places: Option<&Object>) -> Value {
        let object = Object::new();
        object.set(&Text::from("code"), Value::Integer(self.code));
        object.set(&Text::from("jsonPath"), Value::from(self.path.as_str()));
        object.set(&Text::from("message"), Value::from(self.message.as_str()));
        object.set(&Text::from("schemaPaths"), Value::from(self.schema_path.as_str()));
        if let Some(Value::Object(place)) = places.map(|places| places.get(&self.path)) {
            object.set(&Text::from("line"), place.get("line"));
            object.set(&Text::from("offset"), place.get("offset"));
        }
        Value::Object(object)
    }
}

/// `list[0].name` for `/list/0/name`, as `__symbols` has it.
fn path_of(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        if !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) {
            path.push_str(&format!("[{part}]"));
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&part);
        }
    }
    path
}

fn findings(error: &ValidationError<'_>, found: &mut Vec<Finding>) {
    let instance = match &**error.instance() {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    let schema_path = error.schema_path().to_string();
    let (code, message) = numbered(error.kind(), &schema_path, &instance);
    let finding = Finding {
        code,
        path: path_of(&error.instance_path().to_string()),
        schema_path: format!("#{schema_path}"),
        message,
    };
    found.push(finding);
}

/// The number of a violation and its message. `Source: commands/json-validate (Error list)`
fn numbered(kind: &ValidationErrorKind, schema_path: &str, instance: &str) -> (i32, String) {
    use ValidationErrorKind as Kind;
    let plain = |code: i32, text: &str| (code, text.to_owned());
    let quoted = |names: &[String]| names.join(", ");
    match kind {
        Kind::MultipleOf { .. } => plain(2, "Error while validating against 'multipleOf' key."),
        Kind::Maximum { limit } => (
            3,
            format!("The value provided should not be greater than specified in the schema (\"{limit}\")."),
        ),
        Kind::ExclusiveMaximum { limit } => {
            (4, format!("The value provided should be less than specified in the schema (\"{limit}\")."))
        }
        Kind::Minimum { limit } => {
            (5, format!("The value provided should not be less than specified in the schema (\"{limit}\")."))
        }
        Kind::ExclusiveMinimum { limit } => {
            (6, format!("The value provided should be greater than specified in the schema (\"{limit}\")."))
        }
        Kind::MaxLength { .. } => plain(7, "The string is longer than specified in the schema."),
        Kind::MinLength { .. } => plain(8, "The string is shorter than specified in the schema."),
        Kind::Pattern { pattern } => {
            (9, format!("The string \"{instance}\" does not match the pattern in the schema:{pattern}."))
        }
        Kind::AdditionalItems { .. } => plain(
            10,
            "Error while validating an array. JSON contains more elements than specified in the schema.",
        ),
        Kind::MaxItems { .. } => plain(11, "The array contains more items than specified in the schema."),
        Kind::MinItems { .. } => plain(12, "The array contains less items than specified in the schema."),
        Kind::UniqueItems => plain(
            13,
            "Error while validating an array. Elements are not unique. Another instance is already in the array.",
        ),
        Kind::MaxProperties { .. } => {
            plain(14, "The number of properties is greater than specified in the schema.")
        }
        Kind::MinProperties { .. } => {
            plain(15, "The number of properties is less than specified in the schema.")
        }
        Kind::Required { property } => required(property.as_str().unwrap_or_default(), schema_path),
        Kind::AdditionalProperties { unexpected } => (
            17,
            format!(
                "No additional properties allowed by the schema. The property(ies) {} should be removed.",
                quoted(unexpected)
            ),
        ),
        Kind::Enum { .. } => (
            19,
            format!(
                "Error while validating against 'enum' key. \"{instance}\" does not match any enum element in the schema."
            ),
        ),
        Kind::Type { kind } => (20, format!("Incorrect type. Expected type is: {}", types(kind))),
        Kind::OneOfMultipleValid { .. } => plain(21, "The JSON matches more than one value."),
        Kind::OneOfNotValid { .. } | Kind::AnyOf { .. } => plain(22, "The JSON does not match any value."),
        Kind::Not { .. } => plain(23, "The JSON is invalid against the value of 'not'."),
        Kind::Format { format } => (24, format!("The string does not match (\"{format}\")")),
        Kind::Constant { .. } => {
            (25, format!("Value \"{instance}\" does not match the 'const' value in the schema."))
        }
        Kind::UnevaluatedProperties { unexpected } => (
            26,
            format!(
                "Unevaluated properties are not allowed by the schema. The property(ies) {} should be removed.",
                quoted(unexpected)
            ),
        ),
        Kind::UnevaluatedItems { unexpected } => (
            27,
            format!(
                "Unevaluated array items are not allowed. Item at index {} is not covered by any schema.",
                quoted(unexpected)
            ),
        ),
        Kind::PropertyNames { error } => (
            28,
            format!(
                "Property name {} does not validate against the 'propertyNames' schema.",
                error.instance()
            ),
        ),
        Kind::Contains => {
            if schema_path.ends_with("minContains") {
                plain(30, "Array does not contain enough items matching the 'contains' schema.")
            } else if schema_path.ends_with("maxContains") {
                plain(31, "Array contains too many items matching the 'contains' schema.")
            } else {
                plain(29, "Array does not contain any items matching the 'contains' schema.")
            }
        }
        Kind::Referencing(error) => (37, format!("Reference could not be resolved. {error}")),
        other => (0, format!("Error while validating against '{}' key.", other.keyword())),
    }
}

fn required(property: &str, schema_path: &str) -> (i32, String) {
    let parts: Vec<&str> = schema_path.rsplit('/').collect();
    for (place, code) in [("dependencies", 18), ("dependentRequired", 32)] {
        if let Some(at) = parts.iter().position(|part| *part == place) {
            let of = at.checked_sub(1).and_then(|at| parts.get(at)).copied().unwrap_or("");
            let tail = if code == 32 { " to be present" } else { "" };
            return (code, format!("The property \"{of}\" requires the property \"{property}\"{tail}."));
        }
    }
    (16, format!("The required property \"{property}\" is missing."))
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(one) => one.to_string(),
        TypeKind::Multiple(several) => {
            several.iter().map(|one| one.to_string()).collect::<Vec<_>>().join(", ")
        }
    }
}
