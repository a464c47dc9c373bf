//! What a field and a record of the service are: the data that everything else reads.
//!
//! Each field is declared once, by `record!`, beside the type that users fill in. Validation, the JSON
//! on the wire, masking in `Debug`, the typed faces of the other languages and the reference tables are all driven by
//! these descriptors; none of them holds a field list of its own.

/// A group of fields that travel together: a request, a response, an event, the configuration.
#[derive(Debug)]
#[non_exhaustive]
pub struct Record {
    /// Type name in every language, e.g. `VoiceCallback`.
    pub name: &'static str,
    /// What the record is for.
    pub doc: &'static str,
    /// Where the contract describes it, e.g. `requests.md 3`.
    pub contract: &'static str,
    /// The fields, in the order of the contract's table.
    pub fields: &'static [Field],
}

impl Record {
    #[doc(hidden)]
    pub const fn new(
        name: &'static str,
        doc: &'static str,
        contract: &'static str,
        fields: &'static [Field],
    ) -> Record {
        Record {
            name,
            doc,
            contract,
            fields,
        }
    }

    /// The field with this wire name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The position of the field with this wire name.
    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}

/// One field: its name on the wire, its type, and the rules that its value has to keep.
#[derive(Debug)]
pub struct Field {
    /// Name on the wire, e.g. `displayNbr`. Case matters.
    pub name: &'static str,
    /// Name in Rust and Python, e.g. `display_nbr`; other languages derive theirs from it.
    pub ident: &'static str,
    /// Type of the value.
    pub ty: FieldType,
    /// Meaning, special values, and what happens without it.
    pub doc: &'static str,
    /// Whether the field has to be there.
    pub presence: Presence,
    /// Bounds of a length, of an integer or of a number of items, depending on [`ty`](Field::ty).
    pub limit: Option<Limit>,
    /// What the platform takes when the field is absent, as text. `None`: nothing is documented.
    pub default: Option<&'static str>,
    /// Another field without which this one has no effect.
    pub needs: Option<Dependency>,
    /// An integer field whose value must equal this text's length in characters.
    pub fits: Option<&'static str>,
    /// The result code that the platform answers when the field breaks its rule.
    pub refusal: &'static str,
    /// Unit of an integer, e.g. `minutes`.
    pub unit: Option<&'static str>,
}

impl Field {
    /// What most fields are: optional, without limits. The `record!` macro fills in name, type and documentation.
    #[doc(hidden)]
    pub const OPTIONAL: Field = Field {
        name: "",
        ident: "",
        ty: FieldType::Text,
        doc: "",
        presence: Presence::Optional,
        limit: None,
        default: None,
        needs: None,
        fits: None,
        refusal: refusal::INVALID_REQUEST,
        unit: None,
    };

    /// How much of the value may be shown in `Debug`, logs and errors.
    pub const fn sensitivity(&self) -> Sensitivity {
        self.ty.sensitivity()
    }
}

/// Result codes by which the platform refuses a bad parameter (contract requests.md 13.3).
pub(crate) mod refusal {
    /// `Invalid request.`: any parameter that has no code of its own.
    pub(crate) const INVALID_REQUEST: &str = "1010002";
    /// `Display number invalid.`
    pub(crate) const DISPLAY_NUMBER: &str = "1010023";
    /// `Invalid caller number.`
    pub(crate) const CALLER_NUMBER: &str = "1010024";
    /// `%s of templateParas does not meet template requirements`
    pub(crate) const TEMPLATE_VALUE: &str = "1012005";
    /// `Invalid sessionId.`
    pub(crate) const SESSION: &str = "1020152";
}

/// The type of a field's value. Each has one natural form (what users write) and one wire form (what travels).
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum FieldType {
    /// Text; its length counts characters.
    Text,
    /// An identifier of a call; opaque text.
    SessionId,
    /// A telephone number in global format: `+`, then 3 to 30 digits (contract requests.md 8).
    PhoneNumber,
    /// The name of an uploaded voice file: digits, letters and `-_.@` (contract requests.md 12).
    VoiceFile,
    /// Free text that comes back in every push; no `{`, `}` or Chinese characters (contract requests.md 10).
    UserData,
    /// The digits of a verification code.
    VerifyCode,
    /// Keys pressed on a phone.
    Digits,
    /// An address that the platform pushes to. Natural: the plain URL. Wire: its Base64. The length counts the encoded
    /// text (contract requests.md 9, D10).
    CallbackUrl,
    /// A whole number.
    Integer,
    /// Yes or no. Natural: a boolean. Wire: the text `true` or `false`.
    Flag,
    /// One of a list of texts.
    Enumeration(&'static Enumeration),
    /// Values for the variables of a template, in order (contract requests.md 11).
    TemplateValues,
    /// A list of nested records.
    Records(&'static Record),
    /// A point in time. Wire: `yyyy-MM-dd HH:mm:ss` in UTC (contract pushes.md 6, D13). Natural: RFC 3339.
    Time,
    /// A password-like text: never shown.
    Secret,
    /// A length of time in milliseconds.
    Milliseconds,
    /// A list of texts.
    Texts,
    /// An exact decimal number, as text: `0.36`.
    Decimal,
}

impl FieldType {
    /// How much of a value of this type may be shown.
    pub const fn sensitivity(&self) -> Sensitivity {
        match self {
            FieldType::PhoneNumber => Sensitivity::LastFour,
            FieldType::VerifyCode | FieldType::Digits | FieldType::TemplateValues | FieldType::Secret => {
                Sensitivity::Hidden
            }
            _ => Sensitivity::Plain,
        }
    }

    /// What a value looks like, for the documentation that is made of the descriptors. `None`: the name of the type says
    /// it, or the field does.
    pub const fn form(&self) -> Option<&'static str> {
        match self {
            FieldType::PhoneNumber => {
                Some("`+`, then 3 to 30 digits: country code first, area code without its leading 0")
            }
            FieldType::VoiceFile => Some("digits, letters and `-_.@`"),
            FieldType::CallbackUrl => Some("a plain http or https URL"),
            _ => None,
        }
    }
}

/// How much of a value may appear in `Debug`, logs and errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sensitivity {
    /// All of it.
    Plain,
    /// Only the last four digits.
    LastFour,
    /// Nothing.
    Hidden,
}

/// Whether a field has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// M in the contract's tables.
    Mandatory,
    /// O in the contract's tables.
    Optional,
    /// Exactly one of this field and the named one.
    OneOfTwo(&'static str),
}

/// Bounds, both inclusive.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// The smallest allowed value.
    pub min: i64,
    /// The largest allowed value.
    pub max: i64,
    /// Documented limits are enforced before sending; inferred ones are only told (contract requests.md 3, D8).
    pub enforced: bool,
}

impl Limit {
    /// A limit that the service's documentation states.
    pub const fn documented(min: i64, max: i64) -> Option<Limit> {
        Some(Limit {
            min,
            max,
            enforced: true,
        })
    }

    /// A limit that follows from a sister page; told in the documentation, left to the platform to enforce.
    pub const fn inferred(min: i64, max: i64) -> Option<Limit> {
        Some(Limit {
            min,
            max,
            enforced: false,
        })
    }

    /// Whether the value keeps the bounds.
    pub const fn allows(&self, value: i64) -> bool {
        self.min <= value && value <= self.max
    }
}

/// "This field has no effect unless …".
#[derive(Debug, Clone, Copy)]
pub struct Dependency {
    /// Wire name of the other field in the same record.
    pub field: &'static str,
    /// What the other field has to be.
    pub condition: Condition,
}

/// What a field that another one depends on has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Present, whatever its value.
    Present,
    /// An integer other than 0.
    NotZero,
    /// A flag that is set.
    IsTrue,
}

/// A closed list of texts, open at the end: values that the list does not know are kept.
#[derive(Debug)]
#[non_exhaustive]
pub struct Enumeration {
    /// Type name in every language.
    pub name: &'static str,
    /// What the enumeration tells.
    pub doc: &'static str,
    /// The known values.
    pub values: &'static [EnumerationValue],
}

impl Enumeration {
    #[doc(hidden)]
    pub const fn new(name: &'static str, doc: &'static str, values: &'static [EnumerationValue]) -> Enumeration {
        Enumeration { name, doc, values }
    }
}

/// One known value of an [`Enumeration`].
#[derive(Debug)]
pub struct EnumerationValue {
    /// Text on the wire.
    pub wire: &'static str,
    /// Name in Rust, e.g. `ToCaller`; other languages derive theirs from it.
    pub ident: &'static str,
    /// Meaning.
    pub doc: &'static str,
}
