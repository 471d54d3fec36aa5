/* The pictures of explain: a situation with the times that are wished. */
#include <err.h>
#include <stdio.h>

#include "cli/base/duration.h"
#include "cli/ui/explanation.h"
#include "cli/ui/text.h"

/* The marks of a picture: what is wished, where it concerns this situation. */
static void lay_out(const struct explanation *explanation, int number, struct picture *picture,
		    char text[MARKS][80])
{
	const struct wish *wish = &explanation->wish;

	*picture = (struct picture){ .situation = &explanation->situations[number],
				     .prediction = &explanation->prediction[number] };
	if (wish->within && number <= SITUATION_DATA) {
		snprintf(text[0], sizeof text[0], "within %s",
			 duration_of(wish->within * 1000LL).at);
		picture->mark[0] = (struct mark){
			.when = wish->within * 1000LL,
			.text = text[0],
			.missed = number == SITUATION_IDLE
					  ? !judge_idle(&explanation->timing, wish->within)
					  : !judge_data(&explanation->timing, wish->within)
		};
	}
	if (wish->idle_timeout && number == SITUATION_IDLE) {
		snprintf(text[1], sizeof text[1], "idle timeout %s%s%s",
			 duration_of(wish->idle_timeout * 1000LL).at,
			 explanation->network ? " of " : "",
			 explanation->network ? explanation->network : "");
		picture->mark[1] = (struct mark){ .when = wish->idle_timeout * 1000LL,
						  .text = text[1],
						  .missed = !explanation->verdict.kept };
	}
	picture_lay_out(picture);
}

void drawing_print(const struct explanation *explanation, int number)
{
	char text[MARKS][80];
	struct picture picture;
	bool colours = colours_wanted();

	lay_out(explanation, number, &picture, text);
	printf("%s\n", explanation->situations[number].title);
	picture_print(&picture, text_width(60, 120, 80) - 2, text_draws_lines(), colours);
}

void drawing_write_svg(const struct explanation *explanation, const char *path)
{
	FILE *file = fopen(path, "we");
	char text[MARKS][80];
	struct picture picture;

	if (!file)
		err(STATUS_FAILED, "%s", path);
	lay_out(explanation, explanation->chosen, &picture, text);
	picture_write_svg(&picture, file);
	if (ferror(file) | fclose(file))
		err(STATUS_FAILED, "%s", path);
}
