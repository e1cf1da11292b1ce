//! The operations of the register machine, each with its effect as an equation.
//!
//! `R[x]` is a register of the running frame, `K[x]` a constant of its code, `G[x]` a process
//! variable, `I[x]` an interprocess variable, `S[x]` a member site (a name and its inline cache).
//! A jump adds `to` to the number of the *following* operation. "any" results may be of any type;
//! operations named after a type demand that the compiler has proven their operands to be of it.

/// A register of a frame.
pub type Reg = u16;
/// An index into the constants of a code.
pub type Const = u16;
/// A jump distance.
pub type Offset = i16;
/// An index into the member sites of a code.
pub type Site = u16;

#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(u8)]
pub enum Op {
    // ---- loading and moving
    /// `R[dst] := K[k]`
    Load { dst: Reg, k: Const },
    /// `R[dst] := value`
    LoadInteger { dst: Reg, value: i32 },
    /// `R[dst] := value`
    LoadBoolean { dst: Reg, value: bool },
    /// `R[dst] := Null`
    LoadNull { dst: Reg },
    /// `R[dst] := Undefined`
    LoadUndefined { dst: Reg },
    /// `R[dst] := *`, `>`, `<`, nothing, `&`, `|`, `#` for 0 to 6: what only an argument can be
    LoadSpecial { dst: Reg, special: u8 },
    /// `R[dst] := copy of R[src]`
    Move { dst: Reg, src: Reg },
    /// `R[dst] := R[src]; R[src] := Undefined`
    Take { dst: Reg, src: Reg },
    /// `R[dst] := R[src] converted to type ty`, as an assignment to a declared variable does
    Convert { dst: Reg, src: Reg, ty: u8 },
    /// `R[dst] := R[src] as Integer`; the register is a declared Integer
    ConvertInteger { dst: Reg, src: Reg },
    /// `R[dst] := R[src] as Real`; the register is a declared Real
    ConvertReal { dst: Reg, src: Reg },
    /// `R[dst] := This`
    LoadThis { dst: Reg },
    /// `R[dst] := parameter number R[n]`
    LoadParameter { dst: Reg, n: Reg },
    /// `parameter number R[n] := R[src]`
    StoreParameter { n: Reg, src: Reg },
    /// `R[dst] := number of parameters passed`
    CountParameters { dst: Reg },
    /// one more for the counter with this number: the statement runs. Only in programs that count
    CountStatement { counter: u32 },

    // ---- variables that do not live in registers
    /// `R[dst] := G[variable]`
    LoadProcess { dst: Reg, variable: u32 },
    /// `G[variable] := R[src]`, converted to the variable's type
    StoreProcess { src: Reg, variable: u32 },
    /// declares `G[variable]` with type `ty`, keeping its value if it has one
    DeclareProcess { ty: u8, variable: u32 },
    /// `R[dst] := I[variable]`
    LoadInterprocess { dst: Reg, variable: u32 },
    /// `I[variable] := R[src]`
    StoreInterprocess { src: Reg, variable: u32 },
    /// declares `I[variable]` with type `ty`
    DeclareInterprocess { ty: u8, variable: u32 },
    /// `R[dst] := new cell holding R[dst]`
    MakeCell { dst: Reg },
    /// `R[dst] := content of the cell R[cell]`
    LoadCell { dst: Reg, cell: Reg },
    /// `content of the cell R[cell] := R[src]`
    StoreCell { cell: Reg, src: Reg },

    // ---- references and pointers
    /// `R[dst] := reference to R[src]`, valid during the next call
    ReferRegister { dst: Reg, src: Reg },
    /// `R[dst] := reference to G[variable]`
    ReferProcess { dst: Reg, variable: u32 },
    /// `R[dst] := reference to I[variable]`
    ReferInterprocess { dst: Reg, variable: u32 },
    /// `R[dst] := pointer to what the cell, reference or pointer R[src] stands for`
    MakePointer { dst: Reg, src: Reg },
    /// `R[dst] := pointer to element R[index] of the array that the pointer or reference R[src] stands for`
    MakeElementPointer { dst: Reg, src: Reg, index: Reg },
    /// `R[dst] := reference to element R[index] of the array R[src]`; the value of an element that is
    /// no row, unless it is `written`
    ReferElement { written: bool, dst: Reg, src: Reg, index: Reg },
    /// the pointer in `R[dst]` becomes a reference to what it points to, for the next call
    PassPointee { dst: Reg },
    /// `R[dst] := R[pointer]->`
    Dereference { dst: Reg, pointer: Reg },
    /// `R[pointer]-> := R[src]`
    StoreDereference { pointer: Reg, src: Reg },

    // ---- arithmetic: numbers of any kind, texts, dates, times
    /// `R[dst] := R[a] + R[b]`
    Add { dst: Reg, a: Reg, b: Reg },
    /// `R[dst] := R[a] - R[b]`
    Subtract { dst: Reg, a: Reg, b: Reg },
    /// `R[dst] := R[a] * R[b]`
    Multiply { dst: Reg, a: Reg, b: Reg },
    /// `R[dst] := R[a] / R[b]`
    Divide { dst: Reg, a: Reg, b: Reg },
    /// `R[dst] := R[a] \ R[b]`
    IntegerDivide { dst: Reg, a: Reg, b: Reg },
    /// `R[dst] := R[a] % R[b]`
    Modulo { dst: Reg, a: Reg, b: Reg },
    /// `R[dst] := R[a] + K[k]`
    AddK { dst: Reg, a: Reg, k: Const },
    /// `R[dst] := R[a] - K[k]`
    SubtractK { dst: Reg, a: Reg, k: Const },
    /// `R[dst] := R[a] * K[k]`
    MultiplyK { dst: Reg, a: Reg, k: Const },
    /// `R[dst] := R[a] / K[k]`
    DivideK { dst: Reg, a: Reg, k: Const },
    /// `R[dst] := R[a] \ K[k]`
    IntegerDivideK { dst: Reg, a: Reg, k: Const },
    /// `R[dst] := R[a] % K[k]`
    ModuloK { dst: Reg, a: Reg, k: Const },
    /// `R[dst] := R[a] op R[b]` for the rarer operators, see [`Binary`]
    Binary { operator: Binary, dst: Reg, a: Reg, b: Reg },
    /// `R[dst] := -R[a]`
    Negate { dst: Reg, a: Reg },
    /// `R[dst] := not R[a]`
    Not { dst: Reg, a: Reg },
    /// the text `R[dst] := R[dst] + R[src]`, in place where nobody else holds it
    Append { dst: Reg, src: Reg },

    // ---- arithmetic on declared Integers: R[dst] is a declared Integer, results are converted to it
    /// `R[dst] := Integer(R[a] + R[b])`
    AddInteger { dst: Reg, a: Reg, b: Reg },
    /// `R[dst] := Integer(R[a] - R[b])`
    SubtractInteger { dst: Reg, a: Reg, b: Reg },
    /// `R[dst] := Integer(R[a] * R[b])`
    MultiplyInteger { dst: Reg, a: Reg, b: Reg },
    /// `R[dst] := Integer(R[a] + K[k])`
    AddIntegerK { dst: Reg, a: Reg, k: Const },

    // ---- arithmetic that gives Reals: R[dst] is a declared Real, results are converted to it
    /// `R[dst] := Real(R[a] + R[b])`
    AddReal { dst: Reg, a: Reg, b: Reg },
    /// `R[dst] := Real(R[a] - R[b])`
    SubtractReal { dst: Reg, a: Reg, b: Reg },
    /// `R[dst] := Real(R[a] * R[b])`
    MultiplyReal { dst: Reg, a: Reg, b: Reg },
    /// `R[dst] := Real(R[a] / R[b])`
    DivideReal { dst: Reg, a: Reg, b: Reg },

    // ---- comparisons
    /// `R[dst] := R[a] = R[b]`
    Equal { dst: Reg, a: Reg, b: Reg },
    /// `R[dst] := R[a] # R[b]`
    NotEqual { dst: Reg, a: Reg, b: Reg },
    /// `R[dst] := R[a] < R[b]`
    Less { dst: Reg, a: Reg, b: Reg },
    /// `R[dst] := R[a] <= R[b]`
    LessOrEqual { dst: Reg, a: Reg, b: Reg },
    /// `R[dst] := R[a] > R[b]`
    Greater { dst: Reg, a: Reg, b: Reg },
    /// `R[dst] := R[a] >= R[b]`
    GreaterOrEqual { dst: Reg, a: Reg, b: Reg },

    // ---- jumps
    /// `pc += to`
    Jump { to: i32 },
    /// `pc += to`, backwards: lets the process be stopped
    Loop { to: i32 },
    /// `if condition R[a] then pc += to`
    JumpIf { a: Reg, to: i32 },
    /// `if not condition R[a] then pc += to`
    JumpUnless { a: Reg, to: i32 },
    /// `if R[a] is truthy then pc += to`
    JumpIfTruthy { a: Reg, to: i32 },
    /// `if R[a] is falsy then pc += to`
    JumpIfFalsy { a: Reg, to: i32 },
    /// `if not R[a] = R[b] then pc += to`
    JumpUnlessEqual { a: Reg, b: Reg, to: Offset },
    /// `if not R[a] # R[b] then pc += to`
    JumpUnlessNotEqual { a: Reg, b: Reg, to: Offset },
    /// `if not R[a] < R[b] then pc += to`
    JumpUnlessLess { a: Reg, b: Reg, to: Offset },
    /// `if not R[a] <= R[b] then pc += to`
    JumpUnlessLessOrEqual { a: Reg, b: Reg, to: Offset },
    /// `if not R[a] > R[b] then pc += to`
    JumpUnlessGreater { a: Reg, b: Reg, to: Offset },
    /// `if not R[a] >= R[b] then pc += to`
    JumpUnlessGreaterOrEqual { a: Reg, b: Reg, to: Offset },
    /// `if not R[a] = K[k] then pc += to`
    JumpUnlessEqualK { a: Reg, k: Const, to: Offset },
    /// `if not R[a] # K[k] then pc += to`
    JumpUnlessNotEqualK { a: Reg, k: Const, to: Offset },
    /// `if not R[a] < K[k] then pc += to`
    JumpUnlessLessK { a: Reg, k: Const, to: Offset },
    /// `if not R[a] <= K[k] then pc += to`
    JumpUnlessLessOrEqualK { a: Reg, k: Const, to: Offset },
    /// `if not R[a] > K[k] then pc += to`
    JumpUnlessGreaterK { a: Reg, k: Const, to: Offset },
    /// `if not R[a] >= K[k] then pc += to`
    JumpUnlessGreaterOrEqualK { a: Reg, k: Const, to: Offset },
    /// `if R[a] is not Null nor Undefined then pc += to` (`= Null` as a condition)
    JumpUnlessNull { a: Reg, to: i32 },
    /// `if R[a] is Null or Undefined then pc += to` (`# Null` as a condition)
    JumpIfNull { a: Reg, to: i32 },

    // ---- loops
    /// `For`: R[counter] holds the start, R[state] the end, R[state+1] the step.
    /// `if the counter has passed the end then pc += to`
    ForTest { counter: Reg, state: Reg, to: Offset },
    /// `R[counter] += R[state+1]; if the counter has not passed the end then pc += to`
    ForNext { counter: Reg, state: Reg, to: Offset },
    /// `For each`: `R[state] := what is iterated over (R[state]), R[state+1] := first index, R[state+2] := end index`
    ForEachStart { state: Reg, bounds: bool },
    /// `R[dst] := next element; if there is none then pc += to`
    ForEachNext { dst: Reg, state: Reg, to: Offset },

    // ---- objects, collections, arrays, texts
    /// `R[dst] := {}` with the members of shape site `shape`, values from `R[first] …`
    NewObject { dst: Reg, shape: u16, first: Reg },
    /// `R[dst] := [R[first] … R[first+count-1]]`
    NewCollection { dst: Reg, first: Reg, count: u16 },
    /// `R[dst] := R[base].S[site]`
    GetMember { dst: Reg, base: Reg, site: Site },
    /// `R[base].S[site] := R[src]`
    SetMember { base: Reg, src: Reg, site: Site },
    /// `R[dst] := R[base].length`
    GetLength { dst: Reg, base: Reg, site: Site },
    /// `R[dst] := R[base][R[index]]`
    GetIndex { dst: Reg, base: Reg, index: Reg },
    /// `R[dst] := R[base][R[index]][R[reg]]`, the register being that of the `Operand` behind it
    GetIndexes { dst: Reg, base: Reg, index: Reg },
    /// one more register for the operation before, which passes over it
    Operand { reg: Reg },
    /// `R[base][R[index]] := R[src]`
    SetIndex { base: Reg, index: Reg, src: Reg },
    /// `R[dst] := R[array]{R[index]}`; R[array] holds the array or refers to it
    GetElement { dst: Reg, array: Reg, index: Reg },
    /// `R[array]{R[index]} := R[src]`
    SetElement { array: Reg, index: Reg, src: Reg },
    /// `R[dst] := R[array]{R[index]}{R[index+1]}`
    GetElement2 { dst: Reg, array: Reg, index: Reg },
    /// `R[array]{R[index]}{R[index+1]} := R[src]`
    SetElement2 { array: Reg, index: Reg, src: Reg },
    /// `R[dst] := R[text][[R[index]]]`
    GetCharacter { dst: Reg, text: Reg, index: Reg },
    /// `R[text][[R[index]]] := R[src]`, R[text] being a register of its own
    SetCharacter { text: Reg, index: Reg, src: Reg },
    /// The current element of the array in R[array] := R[src]; where there is no array, R[array] := R[src].
    SetCurrent { array: Reg, src: Reg },
    /// `R[dst] := Character code(R[text][[R[index]]])`
    CharacterCodeAt { dst: Reg, text: Reg, index: Reg },

    // ---- calls: arguments lie in `R[base] …`, the result comes back in `R[base]`
    /// calls code number `function` of the program with `count` arguments
    CallMethod { count: u8, base: Reg, function: u32 },
    /// the same for a method that a formula calls: `R[base]` is the formula's `This`, the arguments follow
    CallMethodThis { count: u8, base: Reg, function: u32 },
    /// calls command number `command`
    CallCommand { count: u8, base: Reg, command: u16 },
    /// calls the member `S[site]` of `R[base]`; arguments lie in `R[base+1] …`
    CallMember { count: u8, base: Reg, site: Site },
    /// calls the function object `R[base]`; arguments lie in `R[base+1] …`
    CallValue { count: u8, base: Reg },
    /// `R[dst] := cs.S[site]`
    LoadClass { dst: Reg, site: Site },
    /// calls the parent class's function `S[site]`, without a name its constructor; arguments lie in `R[base+1] …`
    CallSuper { count: u8, base: Reg, site: Site },
    /// `R[dst] := formula` with nested code `code`, which says what locals it captures
    MakeFormula { dst: Reg, code: u16 },
    /// returns `R[src]`
    Return { src: Reg },
    /// returns `R[src] converted to type ty`
    ReturnAs { src: Reg, ty: u8 },
    /// returns the method's result variable or nothing
    ReturnNothing,

    // ---- errors, locks, exit formulas
    /// from here on errors go to `pc + to`
    EnterTry { to: i32 },
    /// from here on errors in `Try(expression)` leave `R[dst]` undefined and go to `pc + to`
    EnterTryExpression { dst: Reg, to: i32 },
    /// the innermost Try ends
    LeaveTry,
    /// `R[dst] := member S[site] of the parent class`
    GetSuper { dst: Reg, site: Site },
    /// `R[dst] := Length(R[a])`
    Length { dst: Reg, a: Reg },
    /// `Use(R[object])`
    EnterUse { object: Reg },
    /// `End use`
    LeaveUse,
    /// puts the formula `R[formula]` among those that run when the method ends
    Defer { formula: Reg },
    /// raises the error with message `K[k]` (a line that can only fail, such as a table without a database)
    Raise { k: Const, code: i32 },
}

/// Operators that are rare enough to share one operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Binary {
    Power,
    And,
    Or,
    ExclusiveOr,
    ShiftLeft,
    ShiftRight,
    BitSet,
    BitClear,
    BitTest,
}

const _: () = assert!(size_of::<Op>() == 8);
