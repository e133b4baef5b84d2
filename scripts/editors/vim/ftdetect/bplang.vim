" Scripts of bp. Files of Android's build system end in .bp too: those begin with a module, as
" `cc_library {`, and keep their own type.
autocmd BufNewFile,BufRead *.bplang setfiletype bplang
autocmd BufNewFile,BufRead *.bp call s:DetectScript()

function! s:DetectScript() abort
  if expand('%:t') ==# 'Android.bp' || expand('%:t') ==# 'Blueprints'
    return
  endif
  let l:text = join(getline(1, 200), "\n")
  let l:rest = substitute(l:text, '/\*\_.\{-}\*/\|//[^\n]*', '', 'g')
  if l:rest =~# '\v(^|\n)\s*\w+\s*\{\_s*\w+\s*:'
    return
  endif
  set filetype=bplang
endfunction
