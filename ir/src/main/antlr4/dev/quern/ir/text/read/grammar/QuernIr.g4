/*
 * The text form of all three stages: one file is one module, or one plan.
 *
 * The grammar knows no operation: what one is called and which attributes it has stands in the table that writer and
 * reader share. Nor does it know a kernel, or what else a stage declares (buffer, kernel, …): that is any word with what
 * follows it.
 * Keywords stay usable as the names of operations, attributes and encodings (rule word).
 */
grammar QuernIr;

module : header declaration* function* EOF ;

header : 'module' STRING 'at' word ;

declaration
    : 'symbol' SYMBOL '<=' INT                              # symbolDeclaration
    | 'weight' GLOBAL ':' tensor attributes?                # weightDeclaration
    | ID subject* (':' (tensor | word range))? attributes?  # otherDeclaration
    ;

subject : STRING | GLOBAL | VALUE ;

// Half open: the bytes from the first number, without the last.
range : '[' INT '..' INT ']' ;

function : 'func' GLOBAL '(' (parameter (',' parameter)*)? ')' ('->' types)? '{' statement* result '}' ;

parameter : VALUE ':' type ;

// What defines nothing ends in attributes, so that the end of a statement is seen without looking ahead.
statement
    : VALUE (',' VALUE)* '=' operation attributes? kernel? ':' types
    | operation attributes kernel?
    ;

// What runs an operation of the stage dispatch.
kernel : 'by' family attributes? 'binds' (bound (',' bound)*)? 'grid' '[' (atom (',' atom)*)? ']' ;

family : word ('.' word)* ;

// A value that is read, a result that is written, or a value that a result overwrites.
bound : operand ('as' VALUE)? ;

operation : word STRING? (expression | callee? (argument (',' argument)*)?) ;

// A function of single elements. It always stands in parentheses, so that where it ends is seen.
expression : '(' sum ')' ;

sum : product (signs+=('+' | '-') product)* ;

product : factor (signs+=('*' | '/') factor)* ;

factor
    : (INT | FLOAT)                 # numberFactor
    | PART                          # partFactor
    | operand                       # valueFactor
    | word '(' sum (',' sum)* ')'   # callFactor
    | '(' sum ')'                   # nestedFactor
    ;

// The kernel of a plan's step. Of other stages it is the first operand.
callee : GLOBAL ;

// The word is the access, read or read_write; both it and the range belong to steps of a plan.
argument : word? operand range? ;

operand : VALUE | GLOBAL ;

result : 'return' (operand (',' operand)*)? ;

types : type (',' type)* ;

type
    : tensor                # tensorType
    | word '<' tensor '>'   # stateType
    ;

tensor : word '[' (dim (',' dim)*)? ']' ;

dim : INT | SYMBOL ;

attributes : '{' (attribute (',' attribute)*)? '}' ;

attribute : word '=' literal ;

literal
    : atom                          # single
    | '[' (atom (',' atom)*)? ']'   # list
    | expression                    # computed
    ;

atom
    : INT                                               # whole
    | FLOAT                                             # real
    | STRING range?                                     # text
    | BOOL                                              # flag
    | word                                              # constant
    | operand                                           # value
    | dim '*' times=INT '/^' divisor=INT                # size
    | dim '*' times=INT                                 # size
    | dim '/^' divisor=INT                              # size
    | SYMBOL                                            # size
    ;

word : ID | 'module' | 'at' | 'symbol' | 'weight' | 'func' | 'by' | 'binds' | 'as' | 'grid' ;

BOOL : 'true' | 'false' ;
FLOAT : '-'? DIGITS ('.' DIGITS EXPONENT? | EXPONENT) | 'nan' | '-'? 'infinity' ;
INT : '-'? DIGITS ;
ID : [A-Za-z_] [A-Za-z0-9_]* ;
STRING : '"' ('\\' ["\\] | '\\u' HEX HEX HEX HEX | ~["\\\r\n])* '"' ;
VALUE : '%' NAME ;
GLOBAL : '@' NAME ;
SYMBOL : '?' NAME ;
PART : '#' DIGITS ;
COMMENT : '//' ~[\r\n]* -> skip ;
SPACE : [ \t\r\n]+ -> skip ;

fragment NAME : [A-Za-z0-9_] [A-Za-z0-9_.\-]* | STRING ;
fragment DIGITS : [0-9]+ ;
fragment EXPONENT : [eE] [+-]? DIGITS ;
fragment HEX : [0-9a-f] ;
