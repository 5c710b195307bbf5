"""The measurements. Timings live here, never as limits in tests."""
