/* A library whose hash table is of the kind before 2006, into which the loader alone looks. */
int othershim_old(void);

int othershim_old(void)
{
	return 1;
}
