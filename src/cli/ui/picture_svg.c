/* A picture as SVG, for tickets and runbooks. */
#include "cli/base/duration.h"
#include "cli/ui/picture.h"

/* In the unit of the document; the axis is as long as the width without both margins. */
enum { WIDTH = 800, MARGIN = 40, LENGTH = WIDTH - 2 * MARGIN, AXIS = 80, EVENTS = 110, LINE = 22 };

static double x_of(const struct picture *picture, long long when)
{
	return MARGIN + picture_place(picture, when, LENGTH);
}

static void write_text(FILE *file, double x, int y, const char *anchor, const char *text)
{
	fprintf(file, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>\n", x, y, anchor,
		text);
}

static void write_line(FILE *file, double x1, int y1, double x2, int y2, const char *class)
{
	fprintf(file, "<line class=\"%s\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>\n", class,
		x1, y1, x2, y2);
}

static void write_axis(const struct picture *picture, FILE *file)
{
	double gap = x_of(picture, picture->broken);

	write_line(file, MARGIN, AXIS, MARGIN + LENGTH, AXIS, "axis");
	for (size_t i = 0; i < picture->ticks; i++) {
		double x = x_of(picture, picture->tick[i]);

		write_line(file, x, AXIS - 5, x, AXIS + 5, "axis");
		write_text(file, x, AXIS - 12, "middle", duration_of(picture->tick[i]).at);
	}
	if (!picture->broken)
		return;
	write_line(file, gap - 12, AXIS + 6, gap - 6, AXIS - 6, "axis");
	write_line(file, gap - 6, AXIS + 6, gap, AXIS - 6, "axis");
}

static void write_events(const struct picture *picture, FILE *file)
{
	const struct prediction *prediction = picture->prediction;
	double end = x_of(picture, prediction->end == NEVER ? picture->total : prediction->end);
	int listed = prediction->sent < MOMENTS_MAX ? prediction->sent : MOMENTS_MAX;

	write_line(file, MARGIN, EVENTS, end, EVENTS, "life");
	for (int i = 0; i < listed; i++) {
		double x = x_of(picture, prediction->at[i]);

		write_line(file, x, EVENTS - 9, x, EVENTS + 9, "sent");
	}
	/* What is not listed is drawn without gaps. */
	if (prediction->sent > listed)
		write_line(file, x_of(picture, prediction->at[listed - 1]), EVENTS,
			   x_of(picture, prediction->last), EVENTS, "sent many");
	fprintf(file, "<circle class=\"start\" cx=\"%d\" cy=\"%d\" r=\"5\"/>\n", MARGIN, EVENTS);
	if (prediction->end == NEVER) {
		fprintf(file, "<path class=\"end\" d=\"M%.1f %d l-10 -6 m10 6 l-10 6\"/>\n", end,
			EVENTS);
		return;
	}
	write_line(file, end - 7, EVENTS - 7, end + 7, EVENTS + 7, "end");
	write_line(file, end - 7, EVENTS + 7, end + 7, EVENTS - 7, "end");
}

/* Each mark has a row for its words; the words are written over the lines. */
static int write_marks(const struct picture *picture, FILE *file, int y)
{
	for (int words = 0; words <= 1; words++) {
		int row = y;

		for (size_t i = 0; i < MARKS; i++) {
			const struct mark *mark = &picture->mark[i];
			double x = x_of(picture, mark->when);
			bool left = x > WIDTH / 2.0;

			if (!mark->when)
				continue;
			if (!words && mark->when <= picture->total)
				write_line(file, x, AXIS, x, row, mark->missed ? "missed" : "mark");
			if (words)
				fprintf(file,
					"<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s%s</text>\n",
					left ? x - 6 : x + 6, row, left ? "end" : "start",
					mark->text, mark->when > picture->total ? " →" : "");
			row += LINE;
		}
		if (words)
			y = row;
	}
	return y;
}

static void write_legend(const struct picture *picture, FILE *file, int y)
{
	const struct situation *situation = picture->situation;
	const struct prediction *prediction = picture->prediction;

	fprintf(file, "<text x=\"%d\" y=\"%d\">%s at 0s; ", MARGIN, y, situation->start);
	if (prediction->sent)
		fprintf(file, "%d %s; ", prediction->sent,
			prediction->sent == 1 ? situation->sent : situation->many);
	if (prediction->end == NEVER)
		fputs("it waits without limit", file);
	else
		fprintf(file, "it ends after %s", duration_of(prediction->end).at);
	fprintf(file, "%s</text>\n", picture->broken ? "; the scale changes at //" : "");
}

void picture_write_svg(const struct picture *picture, FILE *file)
{
	int marks = 0, height;

	for (size_t i = 0; i < MARKS; i++)
		marks += picture->mark[i].when != 0;
	height = EVENTS + 40 + LINE * (marks + 1);
	fprintf(file,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\">\n"
		"<style>text{font:14px sans-serif;fill:#222;paint-order:stroke;stroke:#fff;"
		"stroke-width:4px}.title{font-weight:bold}.axis,.life{stroke:#666}"
		".life{stroke-width:2px}.start{fill:#222}.sent{stroke:#06c;stroke-width:3px}"
		".many{stroke-width:18px}.end{stroke:#c00;stroke-width:3px;fill:none}"
		".mark,.missed{stroke:#080;stroke-dasharray:4 3}.missed{stroke:#c00}</style>\n"
		"<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n",
		WIDTH, height, WIDTH, height, WIDTH, height);
	fprintf(file, "<text class=\"title\" x=\"%d\" y=\"30\">%s</text>\n", MARGIN,
		picture->situation->title);
	write_axis(picture, file);
	write_events(picture, file);
	write_legend(picture, file, write_marks(picture, file, EVENTS + 40));
	fputs("</svg>\n", file);
}
