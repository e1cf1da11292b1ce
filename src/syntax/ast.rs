//! The tree of a source file. Chains of operators and of `.member`, `[index]`, `->` are kept flat,
//! as 4D evaluates them: strictly from left to right, without precedence
//! (`Source: Concepts/operators`), so that their length never becomes depth of the tree.

use crate::catalog::{CommandId, ConstantId};
use crate::text::{Name, Span};

/// A parsed file: the attributes line, and a method's or a class's code.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// The JSON text after `//%attributes =`, if the file begins with such a line.
    pub attributes: Option<String>,
    pub body: FileBody,
}

#[derive(Clone, Debug, PartialEq)]
pub enum FileBody {
    Method(Block),
    Class(Class),
}

/// Statements in order. Blank lines and comments are not part of the tree.
pub type Block = Vec<Statement>;

#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    pub kind: StatementKind,
    /// The statement's first logical line (a block statement's header), without comment and line end.
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum StatementKind {
    /// `#DECLARE(…)`
    Declare(Box<Signature>),
    /// `var …`
    Var(Vec<VarGroup>),
    /// `target:=value` and the compound forms.
    Assign {
        target: Expr,
        operator: AssignOp,
        value: Expr,
    },
    /// A call, or any expression standing alone.
    Expression(Expr),
    If {
        condition: Expr,
        then: Block,
        otherwise: Option<Block>,
    },
    Case {
        branches: Vec<CaseBranch>,
        otherwise: Option<Block>,
    },
    While {
        condition: Expr,
        body: Block,
    },
    Repeat {
        body: Block,
        until: Expr,
    },
    For(Box<For>),
    ForEach(Box<ForEach>),
    Use {
        object: Expr,
        body: Block,
    },
    Try {
        body: Block,
        catch: Option<Block>,
    },
    Return(Option<Expr>),
    Break,
    Continue,
    /// `Begin SQL … End SQL`, kept as text.
    Sql(String),
    /// A line that could not be parsed; a diagnostic tells why. Never reaches the compiler.
    Invalid,
}

#[derive(Clone, Debug, PartialEq)]
pub struct CaseBranch {
    pub condition: Expr,
    pub body: Block,
    pub span: Span,
}

/// `For(counter; from; to; step)`
#[derive(Clone, Debug, PartialEq)]
pub struct For {
    pub counter: Expr,
    pub from: Expr,
    pub to: Expr,
    pub step: Option<Expr>,
    pub body: Block,
}

/// `For each(item; collection; begin; end) While|Until(condition)`
#[derive(Clone, Debug, PartialEq)]
pub struct ForEach {
    pub item: Expr,
    pub over: Expr,
    pub begin: Option<Expr>,
    pub end: Option<Expr>,
    /// `(true, c)` is `While(c)`, `(false, c)` is `Until(c)`.
    pub condition: Option<(bool, Expr)>,
    pub body: Block,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssignOp {
    Set,
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// One `a; b : Type := value` group of a `var` line.
#[derive(Clone, Debug, PartialEq)]
pub struct VarGroup {
    pub variables: Vec<Variable>,
    pub ty: Option<TypeRef>,
    pub value: Option<Expr>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    pub scope: VariableScope,
    pub name: Name,
    pub span: Span,
}

impl Variable {
    /// `${2}`, all parameters from the second on; the name is `{2}`.
    #[must_use]
    pub fn is_numbered(&self) -> bool {
        self.name.starts_with('{')
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VariableScope {
    Local,
    Process,
    Interprocess,
}

/// A type as written: `Text`, `4D.File`, `cs.Person`, `cs.Component.Person`.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeRef {
    /// The parts between the dots.
    pub path: Vec<Name>,
    pub span: Span,
}

/// Parameters and result of `#DECLARE`, `Function` or `Class constructor`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Signature {
    pub parameters: Vec<Parameter>,
    /// `... : Type`; the type may be left out.
    pub variadic: Option<Option<TypeRef>>,
    pub result: Option<ResultDeclaration>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    pub name: Name,
    pub ty: Option<TypeRef>,
    pub span: Span,
}

/// `-> $name : Type` or `: Type`
#[derive(Clone, Debug, PartialEq)]
pub struct ResultDeclaration {
    pub name: Option<Name>,
    pub ty: Option<TypeRef>,
    pub span: Span,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Class {
    /// `Class extends Parent`, `Class extends cs.Component.Parent`, `Class extends 4D.Object`
    pub extends: Option<TypeRef>,
    pub members: Vec<Member>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub kind: MemberKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum MemberKind {
    /// `property a; b : Type := value`
    Property {
        names: Vec<(Name, Span)>,
        ty: Option<TypeRef>,
        value: Option<Expr>,
    },
    Constructor(Box<FunctionDeclaration>),
    Function(Box<FunctionDeclaration>),
    /// `Alias name path`, `exposed Alias name path`
    Alias {
        exposed: bool,
        name: Name,
        path: Vec<Name>,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub struct FunctionDeclaration {
    /// Empty for a constructor.
    pub name: Name,
    /// For `Function event …`, `query`, `orderBy`: what follows the keyword, e.g. `touched name`.
    pub role: FunctionRole,
    pub modifiers: Modifiers,
    pub signature: Signature,
    pub body: Block,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionRole {
    Plain,
    Get,
    Set,
    Query,
    OrderBy,
    Event,
}

/// The words before `Function` and `Class constructor`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modifiers {
    pub shared: bool,
    pub session: bool,
    pub singleton: bool,
    pub exposed: bool,
    pub local: bool,
    pub server: bool,
    pub on_http_get: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A number written without decimals that fits 32 bits, decimal or `0x`.
    Integer(i32),
    Real(f64),
    /// Escapes are resolved.
    Text(Box<str>),
    /// `!2024-01-31!`; `!00-00-00!` is all zero.
    Date {
        year: i32,
        month: u8,
        day: u8,
    },
    /// `?12:30:00?` in seconds.
    Time(i64),
    /// `$name`; also `$1` (name `1`) and `$0`.
    Local(Name),
    /// `<>name`
    Interprocess(Name),
    /// A bare name: a process variable, or a method called without arguments. The compiler decides.
    Name(Name),
    /// `name(arguments)`: a method, or an array or plug-in seen with brackets.
    Call {
        name: Name,
        arguments: Vec<Argument>,
    },
    /// A command; `arguments` is `None` if no brackets follow.
    Command {
        id: CommandId,
        arguments: Option<Vec<Argument>>,
    },
    Constant(ConstantId),
    /// `[Table]`
    Table(Name),
    /// `[Table]Field`
    Field {
        table: Name,
        field: Name,
    },
    /// `${n}`
    ParameterAt(Box<Expr>),
    /// `{key: value; …}`
    Object(Vec<(Name, Expr)>),
    /// `[value; …]` where a value is expected.
    Collection(Vec<Expr>),
    /// `( … )`, kept so that a tree can be printed again.
    Group(Box<Expr>),
    /// `first op operand op operand …`, from left to right.
    Chain {
        first: Box<Expr>,
        rest: Vec<(BinaryOp, Expr)>,
    },
    Unary {
        operator: UnaryOp,
        operand: Box<Expr>,
    },
    /// `->variable`
    AddressOf(Box<Expr>),
    /// `base.member[index]->…`
    Postfix {
        base: Box<Expr>,
        steps: Vec<Step>,
    },
    /// `condition ? then : otherwise`
    Ternary {
        condition: Box<Expr>,
        then: Box<Expr>,
        otherwise: Box<Expr>,
    },
    /// `Try(expression)`
    Try(Box<Expr>),
    /// `target:=value` as an argument: `Formula($o.x:=1)`. Nothing but a formula can hold one.
    Assign {
        target: Box<Expr>,
        operator: AssignOp,
        value: Box<Expr>,
    },
    /// A piece that could not be parsed; a diagnostic tells why.
    Invalid,
}

/// One step of a postfix chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub kind: StepKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum StepKind {
    /// `.name`
    Member(Name),
    /// `.name(arguments)`
    Method(Name, Vec<Argument>),
    /// `[expression]`
    Index(Expr),
    /// `{expression}`
    Element(Expr),
    /// `[[expression]]`
    Character(Expr),
    /// `->`
    Dereference,
    /// `(arguments)` after an expression that gives a function.
    Call(Vec<Argument>),
}

/// What may stand between the brackets of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    Value(Expr),
    /// `*`
    Star,
    /// `>`
    Greater,
    /// `<`
    Less,
    /// `&`, `|` and `#` alone, as `QUERY` takes them.
    Operator(BinaryOp),
    /// Nothing between two `;`.
    Omitted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    Minus,
    Plus,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    /// `\`
    IntegerDivide,
    /// `%`: modulo of numbers, whole-word search in texts.
    Modulo,
    /// `^`
    Power,
    Equal,
    /// `#`
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    /// `&`: Boolean and, bitwise and.
    And,
    /// `|`
    Or,
    /// `^|`
    ExclusiveOr,
    /// `<<`
    ShiftLeft,
    /// `>>`
    ShiftRight,
    /// `?+`
    BitSet,
    /// `?-`
    BitClear,
    /// `??`
    BitTest,
    /// `&&`
    AndThen,
    /// `||`
    OrElse,
}
