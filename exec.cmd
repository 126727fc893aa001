@rem What `exec` is to a POSIX shell: the scripts of package.json use it so that no shell stands between npm and us to end before we do.
@%*
