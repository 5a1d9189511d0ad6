// Taps on a body map tick the boxes beside it, and ticked boxes show on the map. Without this script the boxes work alone.
"use strict";
(() => {
  const zones = [...document.querySelectorAll("[data-for]")];
  const box = (zone) => document.getElementById(zone.dataset.for);
  const show = () => zones.forEach((zone) => zone.classList.toggle("is-on", Boolean(box(zone)?.checked)));
  for (const zone of zones) {
    zone.addEventListener("click", () => {
      box(zone)?.click();
      show();
    });
  }
  document.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  for (const button of document.querySelectorAll("[data-still]")) {
    button.addEventListener("click", () => {
      const still = document.documentElement.classList.toggle("is-still");
      button.setAttribute("aria-pressed", String(still));
    });
  }
  show();
})();
