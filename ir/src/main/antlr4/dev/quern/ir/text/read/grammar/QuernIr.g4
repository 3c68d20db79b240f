/*
 * The text form of the intermediate representation: one file is one module.
 *
 * The grammar knows no operation: what one is called and which attributes it has stands in the table that writer and
 * reader share. Keywords stay usable as the names of operations, attributes and encodings (rule word).
 */
grammar QuernIr;

module : 'module' STRING 'at' word declaration* function* EOF ;

declaration
    : 'symbol' SYMBOL '<=' INT                # symbolDeclaration
    | 'weight' GLOBAL ':' tensor attributes?  # weightDeclaration
    ;

function : 'func' GLOBAL '(' (parameter (',' parameter)*)? ')' ('->' types)? '{' statement* result '}' ;

parameter : VALUE ':' type ;

statement : VALUE (',' VALUE)* '=' word callee? (operand (',' operand)*)? attributes? ':' types ;

// The kernel of a dispatch. A lone global is taken for one; the reader makes it an operand again for other operations.
callee : GLOBAL ;

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
    ;

atom
    : INT                                               # whole
    | FLOAT                                             # real
    | STRING                                            # text
    | BOOL                                              # flag
    | word                                              # constant
    | operand                                           # value
    | dim '*' factor=INT '/^' divisor=INT               # size
    | dim '*' factor=INT                                # size
    | dim '/^' divisor=INT                              # size
    | SYMBOL                                            # size
    ;

word : ID | 'module' | 'at' | 'symbol' | 'weight' | 'func' ;

BOOL : 'true' | 'false' ;
FLOAT : '-'? DIGITS ('.' DIGITS EXPONENT? | EXPONENT) | 'nan' | '-'? 'infinity' ;
INT : '-'? DIGITS ;
ID : [A-Za-z_] [A-Za-z0-9_]* ;
STRING : '"' ('\\' ["\\] | '\\u' HEX HEX HEX HEX | ~["\\\r\n])* '"' ;
VALUE : '%' NAME ;
GLOBAL : '@' NAME ;
SYMBOL : '?' NAME ;
COMMENT : '//' ~[\r\n]* -> skip ;
SPACE : [ \t\r\n]+ -> skip ;

fragment NAME : [A-Za-z0-9_] [A-Za-z0-9_.\-]* | STRING ;
fragment DIGITS : [0-9]+ ;
fragment EXPONENT : [eE] [+-]? DIGITS ;
fragment HEX : [0-9a-f] ;
