/* JSON of several tables: one document with a member for each. */
#include "cli/ui/document.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libsmartcols puts each table into a document of its own. */
void document_add(struct libscols_table *table, int *printed)
{
	char *document = NULL, *begin, *end;

	fputs((*printed)++ ? ",\n" : "{\n", stdout);
	/* It prints nothing for an empty table. */
	if (!scols_table_get_nlines(table))
		printf("   \"%s\": []", scols_table_get_name(table));
	else if (scols_print_table_to_string(table, &document))
		errx(STATUS_FAILED, "the table could not be printed");
	if (document) {
		begin = strchr(document, '{') + 1;
		end = strrchr(document, '}');
		begin += strspn(begin, "\n");
		while (end > begin && end[-1] == '\n')
			end--;
		printf("%.*s", (int)(end - begin), begin);
	}
	free(document);
	scols_unref_table(table);
}

void document_end(void)
{
	puts("\n}");
}
