//! Files and environment become typed settings; all problems are reported at once.
