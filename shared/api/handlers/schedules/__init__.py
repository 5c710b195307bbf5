"""What begins by itself, or in waves: schedules with their runs, and campaigns."""
