-- Each holding of an import has a name: attempts begin anew with each request, and tell no two of them apart.
ALTER TABLE "code_imports" ADD COLUMN "owner" TEXT;
