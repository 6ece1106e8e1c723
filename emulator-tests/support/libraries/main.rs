// Collections of Rust's library in the heap, built for the machine that runs the tests.
mod app_heap;

use std::alloc::{alloc, alloc_zeroed, dealloc, realloc, Layout};
use std::collections::{BTreeMap, VecDeque};

#[global_allocator]
static HEAP: app_heap::Heap = app_heap::Heap;

extern "C" {
    static app_heap_memory_start: usize;
    static app_heap_memory_end: usize;
    fn used_blocks() -> u32;
}

fn is_ours<T: ?Sized>(value: &T) -> bool {
    let address = value as *const T as *const u8 as usize;
    unsafe { (app_heap_memory_start..app_heap_memory_end).contains(&address) }
}

/// As it is: a compiler may leave out an allocation that nobody looks at.
fn seen(pointer: *mut u8) -> *mut u8 {
    unsafe { std::ptr::read_volatile(&pointer) }
}

fn main() {
    // A backtrace would ask the heap under test for memory.
    std::panic::set_hook(Box::new(|what| {
        eprintln!("{}", what);
        std::process::exit(1);
    }));
    let before = unsafe { used_blocks() };
    {
        let mut numbers = Vec::new();
        for number in 0..1000u32 {
            numbers.push(number);
        }
        assert!(is_ours(&numbers[..]));
        assert_eq!(numbers.iter().sum::<u32>(), 499_500);
        let words: BTreeMap<String, Box<u64>> =
            (0..200).map(|n| (format!("word {:>4}", n), Box::new(n))).collect();
        assert!(words.keys().all(|word| is_ours(word.as_str())));
        assert!(words.values().all(|number| is_ours(&**number)));
        assert_eq!(*words["word   17"], 17);
        let mut queue: VecDeque<_> = vec![0u8; 300].into();
        queue.extend(1..=50);
        assert_eq!(queue.iter().map(|byte| u32::from(*byte)).sum::<u32>(), 1275);

        #[repr(align(256))]
        struct Line([u8; 256]);
        let line = Box::new(Line([7; 256]));
        assert!(is_ours(&*line));
        assert_eq!(&*line as *const Line as usize % 256, 0);
        assert!(line.0.iter().all(|byte| *byte == 7));
    }
    unsafe {
        // A larger alignment is kept by realloc, and zeros are zeros in memory that was used.
        let layout = Layout::from_size_align(100, 128).unwrap();
        let dirty = seen(alloc(layout));
        dirty.write_bytes(0xff, 100);
        dealloc(dirty, layout);
        let block = seen(alloc_zeroed(layout));
        assert!((0..100).all(|index| *block.add(index) == 0));
        dealloc(block, layout);
        for more in 0..8 {
            let larger_layout = Layout::from_size_align(5000 + 8 * more, 128).unwrap();
            let block = seen(alloc(layout));
            block.write_bytes(9, 100);
            // Large enough to be taken from the same end of free space: the block cannot grow in place.
            let behind = seen(alloc(Layout::from_size_align(600 + 8 * more, 8).unwrap()));
            let larger = seen(realloc(block, layout, larger_layout.size()));
            assert_eq!(larger as usize % 128, 0);
            assert!((0..100).all(|index| *larger.add(index) == 9));
            let between = seen(alloc(Layout::from_size_align(8 + 8 * more, 8).unwrap()));
            dealloc(larger, larger_layout);
            dealloc(behind, Layout::from_size_align(600 + 8 * more, 8).unwrap());
            dealloc(between, Layout::from_size_align(8 + 8 * more, 8).unwrap());
        }
        let much = Layout::from_size_align(app_heap::MAX_REQUEST + 1, app_heap::ALIGNMENT).unwrap();
        assert!(seen(alloc(much)).is_null());
        let wide = Layout::from_size_align(8, app_heap::MAX_ALIGNMENT * 2).unwrap();
        assert!(seen(alloc(wide)).is_null());
    }
    assert_eq!(unsafe { used_blocks() }, before);
    println!("all is ours");
}
