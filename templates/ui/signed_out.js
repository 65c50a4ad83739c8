const root = localStorage.getItem("session path");
if (root && !location.pathname.startsWith(`${root}/`)) location.replace(root + location.pathname + location.search + location.hash);
