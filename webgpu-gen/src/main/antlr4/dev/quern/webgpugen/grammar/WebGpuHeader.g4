/*
 * The part of C in which webgpu.h and wgpu.h are written: type definitions, constants and function declarations.
 *
 * Preprocessor lines are dropped, but for definitions of integer constants: the two headers use conditionals only around
 * C++ linkage and around groups of declarations that are wanted as they stand. Comments go to the hidden channel, where the
 * reader finds the one that stands before a declaration.
 */
grammar WebGpuHeader;

header : item* EOF ;

item
    : CONSTANT                                                            # constant
    | 'extern' STRING '{' item* '}'                                       # linkage
    | 'typedef' 'struct' IDENTIFIER '*' name=IDENTIFIER ';'               # handle
    | 'typedef' 'enum' IDENTIFIER '{' enumerator (',' enumerator)* ','? '}' name=IDENTIFIER ';' # enumeration
    | 'typedef'? 'struct' name=IDENTIFIER '{' field* '}' IDENTIFIER? ';'  # structure
    | 'struct' IDENTIFIER ';'                                             # forward
    | 'typedef' type '(' '*' name=IDENTIFIER ')' '(' parameters ')' ';'   # callback
    | 'typedef' type name=IDENTIFIER ';'                                  # alias
    | 'static' 'const' owner=IDENTIFIER name=IDENTIFIER '=' expression ';' # flag
    | type name=IDENTIFIER '(' parameters ')' ';'                         # function
    ;

enumerator : name=IDENTIFIER '=' expression ;

field
    : type name=IDENTIFIER ';'               # plain
    | 'union' '{' field* '}' name=IDENTIFIER ';' # union
    ;

parameters : (parameter (',' parameter)*)? ;

/** A lone "void" is a parameter with a type and no name. */
parameter : type name=IDENTIFIER? ;

type : NULLABLE? 'const'? 'struct'? name=IDENTIFIER 'const'? pointer* ;

pointer : '*' 'const'? ;

expression
    : INTEGER                        # literal
    | IDENTIFIER                     # reference
    | '(' expression ')'             # group
    | expression '<<' expression     # shift
    | expression '|' expression      # either
    ;

/** A definition of an integer constant: the only kind of preprocessor line that has a meaning here. */
CONSTANT : '#define' [ \t]+ 'WGPU_' [A-Z0-9_]+ [ \t]+ '(' ('UINT32_MAX' | 'UINT64_MAX' | 'SIZE_MAX' | 'UINT32_C(' [0-9]+ ')') ')' ;
DIRECTIVE : '#' ('\\' '\r'? '\n' | ~[\r\n])* -> skip ;

NULLABLE : 'WGPU_NULLABLE' ;
ATTRIBUTE : ('WGPU_EXPORT' | 'WGPU_' [A-Z]+ '_ATTRIBUTE') -> skip ;

INTEGER : '0x' [0-9A-Fa-f]+ | [0-9]+ ;
IDENTIFIER : [A-Za-z_] [A-Za-z0-9_]* ;
STRING : '"' ~["\r\n]* '"' ;

BLOCK_COMMENT : '/*' .*? '*/' -> channel(HIDDEN) ;
LINE_COMMENT : '//' ~[\r\n]* -> channel(HIDDEN) ;
SPACE : [ \t\r\n]+ -> skip ;
