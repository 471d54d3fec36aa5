/* A library that is linked as ours is, with nothing in it: what the loader takes for any. */
int empty_library(void);

__attribute__((visibility("default"))) int empty_library(void)
{
	return 0;
}
