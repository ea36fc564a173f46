// Runs before the first paint, so that a chosen theme never flashes: a classic script on purpose.
(() => {
  try {
    const chosen = localStorage.getItem('sluice-theme');
    if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage is forbidden here: the system's preference holds.
  }
})();
