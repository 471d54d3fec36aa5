# Makes a table in C of the presets: name, shortest idle timeout, for what, source.
function quoted(text) {
	gsub(/["\\]/, "\\\\&", text)
	return "\"" text "\""
}
function row() {
	if (name != "")
		printf "\t{ %s, %d, %s, %s, false },\n", quoted(name), seconds, quoted(title), quoted(origin)
}
FNR == 1 {
	row()
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/\.conf$/, "", name)
	title = $0
	sub(/^# For connections /, "", title)
	seconds = 0
	origin = ""
}
/^# Shortest idle timeout: / { seconds = $5 }
/^# Source: / { origin = substr($0, 11) }
END { row() }
