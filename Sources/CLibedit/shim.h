#include <stdio.h>
#include <editline/readline.h>
#include <malloc.h>
#include <wchar.h>

/* Standard C headers hide it. */
int wcwidth(wchar_t character);
